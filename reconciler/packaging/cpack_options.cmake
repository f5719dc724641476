# cpack reads this for each generator that it runs, with the source tarball's configuration or the
# build's.
if(CPACK_GENERATOR STREQUAL "External")
  if(CPACK_INSTALL_CMAKE_PROJECTS)
    set(CPACK_EXTERNAL_ENABLE_STAGING ON)
    set(CPACK_EXTERNAL_PACKAGE_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/archive.cmake)
  else()
    set(CPACK_EXTERNAL_PACKAGE_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/dist.cmake)
  endif()
endif()
