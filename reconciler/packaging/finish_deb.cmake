# cpack runs this between installing into a scratch folder and packing that: what Debian wants of
# a package beyond the installed files, and what makes the same source give the same bytes.
if(NOT CPACK_GENERATOR STREQUAL "DEB")
  return()
endif()
include(${CMAKE_CURRENT_LIST_DIR}/finish_run.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/epoch.cmake)

roster_epoch(epoch "${CPACK_ROSTER_SOURCE}")
set(ENV{LC_ALL} C)
set(root ${CPACK_TEMPORARY_INSTALL_DIRECTORY})
set(share ${root}/usr/share)
set(doc ${share}/doc/roster)

execute_process(COMMAND date --utc --rfc-email --date=@${epoch} OUTPUT_VARIABLE date
                OUTPUT_STRIP_TRAILING_WHITESPACE)
configure_file(${CMAKE_CURRENT_LIST_DIR}/changelog.in ${doc}/changelog.Debian @ONLY)
file(READ ${doc}/LICENSE licence)
string(REGEX REPLACE "^MIT License\n+Copyright[^\n]*\n+" "" licence "${licence}")
string(REGEX REPLACE "\n+$" "" licence "${licence}")
string(REPLACE "\n\n" "\n.\n" licence "${licence}")
string(REPLACE "\n" "\n " licence "${licence}")
configure_file(${CMAKE_CURRENT_LIST_DIR}/copyright.in ${doc}/copyright @ONLY)
file(REMOVE ${doc}/LICENSE)
file(RENAME ${doc}/CHANGELOG.md ${doc}/changelog)
file(MAKE_DIRECTORY ${share}/lintian/overrides)
configure_file(${CMAKE_CURRENT_LIST_DIR}/lintian-overrides ${share}/lintian/overrides/roster
               COPYONLY)
# Where Debian's zsh looks for what packages bring.
file(RENAME ${share}/zsh/site-functions ${share}/zsh/vendor-completions)

file(GLOB_RECURSE pages ${share}/man/*.[1-8])
finish_run(gzip -n -9 -f ${doc}/changelog ${doc}/changelog.Debian ${pages})
finish_run(chmod -R u=rwX,go=rX ${root}/usr)
finish_run(find ${root} -exec touch --no-dereference --date=@${epoch} {} +)
