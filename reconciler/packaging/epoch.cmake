# roster_epoch(OUT SOURCE): the time that everything made of the tree SOURCE is dated, in seconds
# since 1970, so that the same source gives the same bytes: SOURCE_DATE_EPOCH of the environment,
# else when the commit was made, else (a source tarball, whose files all have that time) when
# CMakeLists.txt was.
function(roster_epoch out source)
  set(epoch "$ENV{SOURCE_DATE_EPOCH}")
  if(epoch STREQUAL "" AND EXISTS "${source}/.git")
    execute_process(
      COMMAND git -C ${source} log -1 --format=%ct
      OUTPUT_VARIABLE epoch OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  endif()
  if(epoch STREQUAL "")
    file(TIMESTAMP "${source}/CMakeLists.txt" epoch "%s" UTC)
  endif()
  if(NOT epoch MATCHES "^[0-9]+$")
    message(FATAL_ERROR "SOURCE_DATE_EPOCH is \"${epoch}\", not a number of seconds since 1970")
  endif()
  set(${out} ${epoch} PARENT_SCOPE)
endfunction()
