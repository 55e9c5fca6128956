# Ends what the parent started if the parent ends without doing so, however it ends: its end closes the pipe that this
# script reads. A line "+ PID" names a process that leads a group of its own, "- PID" says that it is gone.
# The argument is a folder to take away at the end, or empty.
trap '' INT TERM HUP
groups=
while read -r sign pid; do
  if [ "$sign" = + ]; then
    groups="$groups $pid"
  else
    rest=
    for group in $groups; do [ "$group" = "$pid" ] || rest="$rest $group"; done
    groups=$rest
  fi
done
# Not a polite signal: a process may be frozen, and the data that are kept survive a crash.
for group in $groups; do kill -s KILL -- "-$group"; done 2>/dev/null
[ -n "$1" ] || exit 0
rm -rf -- "$1" 2>/dev/null
# A process that was still dying may have written once more.
sleep 0.2
rm -rf -- "$1"
