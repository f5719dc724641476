# ROSTER_STATIC=ON: links statically whatever Debian 12 has a static library of. Four are left,
# each for a reason:
#   libc             its getaddrinfo and getpwuid_r load NSS modules of the very same libc at run time
#   libgssapi_krb5   MIT Kerberos comes without static libraries; libcurl and libgit2 use it
#   libp11-kit       is a loader of modules, without a static library; GnuTLS uses it, which
#                    libmicrohttpd, librtmp and libldap use
#   libsasl2         its static library has all its plug-ins in it, and so wants the clients of MySQL,
#                    PostgreSQL, SQLite and Berkeley DB; libldap uses it, which libcurl uses
# pkg-config --static does not know all of this, so that the list is here.

# Of each archive the package that has it; the group "static" of .ci/debian-packages.
set(archives
    yaml=libyaml-dev
    jansson=libjansson-dev
    microhttpd=libmicrohttpd-dev
    git2=libgit2-dev
    http_parser=libhttp-parser-dev
    mbedtls=libmbedtls-dev
    mbedx509=libmbedtls-dev
    mbedcrypto=libmbedtls-dev
    pcre2-8=libpcre2-dev
    curl=libcurl4-openssl-dev
    nghttp2=libnghttp2-dev
    psl=libpsl-dev
    rtmp=librtmp-dev
    ssh2=libssh2-1-dev
    ldap=libldap-dev
    lber=libldap-dev
    brotlidec=libbrotli-dev
    brotlicommon=libbrotli-dev
    zstd=libzstd-dev
    z=zlib1g-dev
    ssl=libssl-dev
    crypto=libssl-dev
    gnutls=libgnutls28-dev
    hogweed=nettle-dev
    nettle=nettle-dev
    tasn1=libtasn1-6-dev
    gmp=libgmp-dev
    idn2=libidn2-dev
    unistring=libunistring-dev)
set(shared gssapi_krb5=libkrb5-dev p11-kit=libp11-kit-dev sasl2=libsasl2-dev)

# static_find(OUT SUFFIX LIBRARY=PACKAGE...): the paths of the libraries, each of that kind.
function(static_find out suffix)
  set(CMAKE_FIND_LIBRARY_SUFFIXES ${suffix})
  foreach(library IN LISTS ARGN)
    string(REGEX MATCH "^(.*)=(.*)$" library "${library}")
    set(name ${CMAKE_MATCH_1})
    set(package ${CMAKE_MATCH_2})
    find_library(ROSTER_STATIC_${name} ${name})
    mark_as_advanced(ROSTER_STATIC_${name})
    if(ROSTER_STATIC_${name})
      list(APPEND found ${ROSTER_STATIC_${name}})
    else()
      roster_missing(lib${name}${suffix} any none ${package})
    endif()
  endforeach()
  set(${out} ${found} PARENT_SCOPE)
endfunction()

static_find(archive_paths .a ${archives})
static_find(shared_paths .so ${shared})
add_library(roster_static INTERFACE)
# They use each other in circles.
list(JOIN archive_paths "," archive_group)
target_link_libraries(roster_static INTERFACE "$<LINK_GROUP:RESCAN,${archive_group}>"
                                              ${shared_paths} Threads::Threads)
target_link_options(roster_static INTERFACE -static-libgcc)
foreach(library IN ITEMS YAML JANSSON CURL MICROHTTPD GIT2 CRYPTO)
  if(TARGET PkgConfig::${library})
    set_target_properties(PkgConfig::${library} PROPERTIES INTERFACE_LINK_LIBRARIES roster_static)
  endif()
endforeach()
