# Writes a C source with the bytes of files, since string literals have a length limit in C:
#
#     cmake -D OUT=html_assets.c -D HEADER=render/html_assets.h -D TYPE=html_asset
#           -D "ASSETS=html_style=plan.css;html_script=plan.js" -P embed.cmake
#
# The header declares `struct TYPE {const unsigned char *bytes; size_t size;}` and each name.
set(text "/* Made by embed.cmake. */\n#include \"${HEADER}\"\n")
foreach(asset IN LISTS ASSETS)
  string(FIND "${asset}" "=" equals)
  string(SUBSTRING "${asset}" 0 ${equals} name)
  math(EXPR after "${equals} + 1")
  string(SUBSTRING "${asset}" ${after} -1 file)
  file(READ "${file}" bytes HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)" "\\1\n"
                       bytes "${bytes}")
  string(APPEND text "\nstatic const unsigned char ${name}_bytes[] = {\n${bytes}\n};\n"
                     "const struct ${TYPE} ${name} = {${name}_bytes, sizeof(${name}_bytes)};\n")
endforeach()
file(WRITE "${OUT}" "${text}")
