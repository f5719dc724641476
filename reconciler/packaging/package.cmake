# What cpack makes: in the build folder, `cpack` writes a Debian package of all that is installed (of
# a static build an archive), and `cpack --config CPackSourceConfig.cmake` the source tarball, as the
# target `dist` does.
set(ROSTER_MAINTAINER "The roster authors <roster@example.org>"
    CACHE STRING "Who answers for the Debian package: Name <address>")
set(ROSTER_HOMEPAGE "" CACHE STRING "URL of the project, for the Debian package")
set(dist_name roster-${PROJECT_VERSION})
set(packaging ${CMAKE_CURRENT_LIST_DIR})

add_custom_target(
  dist
  COMMAND ${CMAKE_COMMAND} -D SOURCE=${PROJECT_SOURCE_DIR} -D NAME=${dist_name} -D
          FOLDER=${PROJECT_BINARY_DIR} -P ${packaging}/dist.cmake
  COMMENT "Writing the source tarball"
  VERBATIM)

# Passed on to the scripts that cpack runs.
set(CPACK_ROSTER_SOURCE ${PROJECT_SOURCE_DIR})
set(CPACK_ROSTER_DIST ${dist_name})
set(CPACK_PACKAGE_NAME roster)
set(CPACK_PACKAGE_VENDOR "The roster authors")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_VERBATIM_VARIABLES ON)

# Read by cpack in each of its runs: the one script or the other, when it makes no Debian package.
set(CPACK_PROJECT_CONFIG_FILE ${packaging}/cpack_options.cmake)
set(CPACK_SOURCE_GENERATOR External)
if(ROSTER_STATIC)
  string(TOLOWER ${CMAKE_SYSTEM_NAME}-${CMAKE_SYSTEM_PROCESSOR} machine)
  set(CPACK_ROSTER_ARCHIVE ${dist_name}-${machine})
  set(CPACK_GENERATOR External)
else()
  set(CPACK_GENERATOR DEB)
endif()
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
# Whatever umask there is: folders that cmake makes while it installs.
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_PRE_BUILD_SCRIPTS ${packaging}/finish_deb.cmake)
set(CPACK_POST_BUILD_SCRIPTS ${packaging}/repack_deb.cmake)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "${ROSTER_MAINTAINER}")
set(CPACK_DEBIAN_PACKAGE_HOMEPAGE "${ROSTER_HOMEPAGE}")
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# Certificates of authorities for TLS, and time zones for the windows of watch.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "ca-certificates, tzdata")
# What --require-signed, git's credential helpers and examples/quickstart.sh run.
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "curl, git, gnupg, jq, openssh-client")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_PACKAGE_DESCRIPTION
    "roster keeps the Messaging Services of a Twilio account as a YAML file says
they should be. It reads the file, fetches the live state of the account,
shows the difference as a plan, and applies it: services are created,
updated and deleted, their phone numbers, short codes and other senders
added, moved and removed. The account itself is the truth; there is no
state file.

Plans can be saved, signed, reviewed and applied later; guards stop one
that goes too far; test messages prove the result. Rosters may come from
git, drift is found from cron, and a loop keeps an account as its roster
says.

roster-sandbox, a local server that behaves like Twilio's API, comes with
it, so that all can be tried without an account.")
include(CPack)
