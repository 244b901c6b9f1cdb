# A free port on loopback, below the range from which outgoing connections take theirs.

free_port() {
    local port tries
    for tries in {1..200}; do
        port=$((20000 + RANDOM % 12000))
        if ! (exec 9<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            echo "$port"
            return
        fi
    done
    return 1
}
