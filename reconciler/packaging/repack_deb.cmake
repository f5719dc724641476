# cpack runs this on the package that it has made, and dpkg-deb writes that anew: cpack's has the
# umask in its bytes, and what the files take on the disk that they happen to be on.
if(NOT CPACK_GENERATOR STREQUAL "DEB")
  return()
endif()
include(${CMAKE_CURRENT_LIST_DIR}/finish_run.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/epoch.cmake)

# Writes Installed-Size as Debian's own tools reckon it: in KiB, each file rounded up, one for
# everything else.
function(set_installed_size root)
  set(size 0)
  file(GLOB_RECURSE files LIST_DIRECTORIES true ${root}/usr/*)
  foreach(file IN LISTS files)
    set(bytes 1)
    if(NOT IS_DIRECTORY ${file})
      file(SIZE ${file} bytes)
    endif()
    math(EXPR size "${size} + (${bytes} + 1023) / 1024")
  endforeach()
  math(EXPR size "${size} + 1") # usr itself
  file(READ ${root}/DEBIAN/control control)
  string(REGEX REPLACE "Installed-Size: [0-9]+" "Installed-Size: ${size}" control "${control}")
  file(WRITE ${root}/DEBIAN/control "${control}")
endfunction()

roster_epoch(epoch "${CPACK_ROSTER_SOURCE}")
set(ENV{SOURCE_DATE_EPOCH} ${epoch})
foreach(package IN LISTS CPACK_PACKAGE_FILES)
  set(root ${package}.d)
  file(REMOVE_RECURSE ${root})
  finish_run(dpkg-deb --raw-extract ${package} ${root})
  set_installed_size(${root})
  finish_run(chmod 0644 ${root}/DEBIAN/control)
  finish_run(chmod 0755 ${root} ${root}/DEBIAN)
  finish_run(find ${root} -exec touch --no-dereference --date=@${epoch} {} +)
  # The number of threads shows in the compressed bytes.
  finish_run(dpkg-deb --root-owner-group --threads-max=1 -Zxz --build ${root} ${package})
  file(REMOVE_RECURSE ${root})
endforeach()
