# roster_tar(OUT FOLDER PREFIX EPOCH LIST): the files of FOLDER that stand in LIST, NULs between
# them, as OUT (tar.gz), each below PREFIX/. The bytes depend on names, contents, executable bits
# and EPOCH alone: not on umask, owner and locale. LIST is in the order of its bytes.
function(roster_tar out folder prefix epoch list)
  set(ENV{LC_ALL} C)
  execute_process(
    COMMAND tar --create --directory ${folder} --format=ustar --mtime=@${epoch}
            --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX --transform=s|^|${prefix}/|
            --null --no-recursion --files-from ${list}
    COMMAND gzip -n -9
    OUTPUT_FILE ${out}.part RESULTS_VARIABLE results)
  if(NOT results STREQUAL "0;0")
    file(REMOVE "${out}.part")
    message(FATAL_ERROR "${out} can't be written")
  endif()
  file(RENAME "${out}.part" "${out}")
endfunction()
