# Writes the source tarball NAME-VERSION.tar.gz into FOLDER, from the files of SOURCE that git
# tracks, as they are in the work tree:
#
#     cmake -D SOURCE=. -D NAME=roster-0.1.0 -D FOLDER=build/release -P dist.cmake
#
# The same commit gives the same bytes (see tar.cmake).
if(CPACK_PACKAGE_NAME) # as the script of cpack --config CPackSourceConfig.cmake
  set(SOURCE "${CPACK_ROSTER_SOURCE}")
  set(NAME "${CPACK_ROSTER_DIST}")
  set(FOLDER "${CPACK_PACKAGE_DIRECTORY}")
endif()
include(${CMAKE_CURRENT_LIST_DIR}/epoch.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/tar.cmake)

# git_files(OUT OPTIONS...): the list of files, NULs between them, written to the file OUT.
function(git_files out)
  execute_process(
    COMMAND git -C ${SOURCE} ls-files -z ${ARGN}
    OUTPUT_FILE ${out} ERROR_VARIABLE error RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "A source tarball is made of the files that git tracks, and git can't tell "
                        "them in ${SOURCE}: ${error}")
  endif()
endfunction()

if(NOT EXISTS "${SOURCE}/.git")
  message(FATAL_ERROR "A source tarball is made of the files that git tracks; ${SOURCE} is no git "
                      "checkout")
endif()
set(list "${FOLDER}/${NAME}.files")
git_files(${list})
git_files(${list}.deleted --deleted)
file(SIZE "${list}.deleted" deleted)
if(deleted GREATER 0)
  message(FATAL_ERROR "Tracked files are not there (git ls-files --deleted lists them); bring them "
                      "back, or commit that they are gone")
endif()
execute_process(
  COMMAND git -C ${SOURCE} status --porcelain --untracked-files=no
  OUTPUT_VARIABLE changes)
if(NOT changes STREQUAL "")
  message("warning: the tarball has changes in it that are not committed:\n${changes}")
endif()

roster_epoch(epoch "${SOURCE}")
roster_tar(${FOLDER}/${NAME}.tar.gz ${SOURCE} ${NAME} ${epoch} ${list})
file(REMOVE "${list}" "${list}.deleted")
if(CPACK_PACKAGE_NAME)
  set(CPACK_EXTERNAL_BUILT_PACKAGES "${FOLDER}/${NAME}.tar.gz")
else()
  message("${FOLDER}/${NAME}.tar.gz")
endif()
