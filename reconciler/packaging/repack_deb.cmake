# cpack runs this on the package that it has made, and dpkg-deb writes that anew: cpack's has the
# umask, and the order in which the file system lists folders, in its bytes.
if(NOT CPACK_GENERATOR STREQUAL "DEB")
  return()
endif()
include(${CMAKE_CURRENT_LIST_DIR}/finish_run.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/epoch.cmake)

roster_epoch(epoch "${CPACK_ROSTER_SOURCE}")
set(ENV{SOURCE_DATE_EPOCH} ${epoch})
foreach(package IN LISTS CPACK_PACKAGE_FILES)
  set(root ${package}.d)
  file(REMOVE_RECURSE ${root})
  finish_run(dpkg-deb --raw-extract ${package} ${root})
  finish_run(chmod 0755 ${root} ${root}/DEBIAN)
  finish_run(find ${root} -exec touch --no-dereference --date=@${epoch} {} +)
  # The number of threads shows in the compressed bytes.
  finish_run(dpkg-deb --root-owner-group --threads-max=1 -Zxz --build ${root} ${package})
  file(REMOVE_RECURSE ${root})
endforeach()
