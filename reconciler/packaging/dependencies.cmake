# What roster is built on, looked for in one go, so that one error names all that is missing:
#
#     roster_dependency(YAML libyaml yaml-0.1 0.2.5 libyaml-dev)   # makes PkgConfig::YAML
#     roster_missing("libz.a" any none zlib1g-dev)                 # found otherwise to be missing
#     roster_report_dependencies()                                 # ends here when something is
#
# Each library has its name, its module of pkg-config, the oldest version that will do, and the
# package of Debian 12 that has it. The packages stand in .ci/debian-packages, too.

find_package(PkgConfig QUIET)
set_property(GLOBAL PROPERTY ROSTER_MISSING "")
set_property(GLOBAL PROPERTY ROSTER_MISSING_PACKAGES "")

# Notes a library for the report: NAME, the version that is WANTED, what was FOUND, its PACKAGE.
function(roster_missing name wanted found package)
  set(line "    ")
  foreach(cell IN ITEMS "${name}:22" "${wanted}:10" "${found}:14")
    string(REGEX MATCH "^(.*):([0-9]+)$" cell "${cell}")
    set(width ${CMAKE_MATCH_2})
    string(APPEND line "${CMAKE_MATCH_1}")
    string(LENGTH "${CMAKE_MATCH_1}" length)
    math(EXPR blanks "${width} - ${length}")
    if(blanks LESS 1)
      set(blanks 1)
    endif()
    string(REPEAT " " ${blanks} blanks)
    string(APPEND line "${blanks}")
  endforeach()
  set_property(GLOBAL APPEND_STRING PROPERTY ROSTER_MISSING "${line}${package}\n")
  set_property(GLOBAL APPEND PROPERTY ROSTER_MISSING_PACKAGES ${package})
endfunction()

function(roster_dependency prefix name module wanted package)
  if(NOT PKG_CONFIG_FOUND)
    return()
  endif()
  pkg_check_modules(${prefix} QUIET IMPORTED_TARGET "${module}>=${wanted}")
  if(${prefix}_FOUND)
    message(STATUS "Found ${name} ${${prefix}_VERSION} (at least ${wanted})")
    return()
  endif()
  execute_process(
    COMMAND ${PKG_CONFIG_EXECUTABLE} --modversion ${module}
    OUTPUT_VARIABLE found OUTPUT_STRIP_TRAILING_WHITESPACE
    ERROR_QUIET)
  execute_process(
    COMMAND ${PKG_CONFIG_EXECUTABLE} --print-errors --exists ${module}
    ERROR_VARIABLE why OUTPUT_QUIET)
  if(found STREQUAL "" AND NOT why MATCHES "required by '[^':]*'")
    set(found none)
  elseif(found STREQUAL "" OR found VERSION_GREATER_EQUAL wanted)
    # The library is there; one that it needs in turn is not, or is too old.
    string(REGEX MATCH "[^\n]*(required by|requirement)[^\n]*" why "${why}")
    set_property(GLOBAL APPEND_STRING PROPERTY ROSTER_BROKEN "  ${name}: ${why}\n")
    set(found broken)
  endif()
  roster_missing("${name}" "${wanted}" "${found}" "${package}")
endfunction()

# Ends the configuration, with one error, when something is missing.
function(roster_report_dependencies)
  set(hint "  What roster needs stands in .ci/debian-packages; on Debian, .ci/install-packages build
  installs all of it (and .ci/install-packages build test what its tests need).\n")
  if(NOT PKG_CONFIG_FOUND)
    message(FATAL_ERROR "pkg-config is missing, by which roster finds its libraries.\n"
                        "  On Debian 12: apt-get install pkgconf\n${hint}"
                        "  Elsewhere than on PATH? Name it: -DPKG_CONFIG_EXECUTABLE=FILE\n")
  endif()
  get_property(missing GLOBAL PROPERTY ROSTER_MISSING)
  get_property(packages GLOBAL PROPERTY ROSTER_MISSING_PACKAGES)
  get_property(broken GLOBAL PROPERTY ROSTER_BROKEN)
  if(missing STREQUAL "")
    return()
  endif()
  list(REMOVE_DUPLICATES packages)
  if(ROSTER_STATIC)
    string(APPEND hint "  ROSTER_STATIC needs what .ci/install-packages static installs.\n")
  endif()
  if("libcmocka-dev" IN_LIST packages)
    string(APPEND hint "  Only the tests need cmocka: -DBUILD_TESTING=OFF builds without them.\n")
  endif()
  list(JOIN packages " " packages)
  message(
    FATAL_ERROR
      "Libraries are missing or too old:\n\n"
      "    library               wanted    found         Debian package\n${missing}\n${broken}"
      "  On Debian 12: apt-get install ${packages}\n${hint}"
      "  Installed elsewhere? Put the folder of its .pc file into PKG_CONFIG_PATH.\n")
endfunction()
