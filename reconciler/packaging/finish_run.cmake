# finish_run(COMMAND...): runs it, and ends the packing when it fails.
function(finish_run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result ERROR_VARIABLE error OUTPUT_QUIET)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "The package can't be made: ${ARGV0}: ${result} ${error}")
  endif()
endfunction()
