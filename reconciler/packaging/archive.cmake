# What cpack makes of a static build: an archive of all that is installed, to be unpacked anywhere.
# cpack has installed it into a scratch folder when it runs this.
include(${CMAKE_CURRENT_LIST_DIR}/epoch.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/tar.cmake)

roster_epoch(epoch "${CPACK_ROSTER_SOURCE}")
set(archive "${CPACK_PACKAGE_DIRECTORY}/${CPACK_ROSTER_ARCHIVE}.tar.gz")
set(list "${CPACK_TOPLEVEL_DIRECTORY}/archive.files")
set(ENV{LC_ALL} C)
execute_process(
  COMMAND find usr -type f -printf "%P\\0"
  COMMAND sort --zero-terminated
  WORKING_DIRECTORY ${CPACK_TEMPORARY_DIRECTORY}
  OUTPUT_FILE ${list} RESULTS_VARIABLE results)
if(NOT results STREQUAL "0;0")
  message(FATAL_ERROR "The installed files can't be listed")
endif()
roster_tar(${archive} ${CPACK_TEMPORARY_DIRECTORY}/usr ${CPACK_ROSTER_ARCHIVE} ${epoch} ${list})
set(CPACK_EXTERNAL_BUILT_PACKAGES ${archive})
