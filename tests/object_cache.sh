# A compiler cache for Verilator's makefiles (OBJCACHE): object_cache.sh FOLDER COMPILER ARGUMENT...
# The sources of Verilator's own library are the same for every model, and most of what a model takes to build. What is
# made of one is kept under a hash of the whole command and the source; anything else is compiled.
set -u
folder=$1
shift
source= object= last=
for argument; do
    [ "$last" = -o ] && object=$argument
    last=$argument
    case $argument in */verilator/include/*.cpp) source=$argument ;; esac
done
if [ -z "$source" ] || [ -z "$object" ]; then
    exec "$@"
fi
kept=$folder/$({ command -v "$1"; printf '%s\n' "$@"; cat "$source"; } | sha256sum | cut -d ' ' -f 1).o
if ! cp "$kept" "$object" 2>/dev/null; then
    "$@" || exit
    mkdir -p "$folder"
    cp "$object" "$kept.$$" && mv "$kept.$$" "$kept"
fi
