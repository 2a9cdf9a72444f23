# A Kafka to try things on; to be sourced by a script that sets `shared`, a folder that may hold kafka/broker.

fail() {
    printf '%s: %s\n' "$(basename "$0")" "$@" >&2
    exit 1
}

is_taken() { (: <>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# A port that is free together with those beside it: controller, plain text, TLS, SASL.
free_port() {
    local port
    for port in $(shuf --input-range=21000-29000 --head-count=50); do
        is_taken $((port - 1)) || is_taken "$port" || is_taken $((port + 1)) || is_taken $((port + 2)) && continue
        echo "$port"
        return
    done
    fail 'no free port was found'
}

# With the options given; what runs already is wiped.
start_kafka() {
    command -v java >/dev/null || .ci/setup openjdk-17-jre-headless openssl
    command -v java >/dev/null || fail 'java 17 or later is missing'
    if [ -z "${directory:-}" ]; then
        directory=$(mktemp --directory)
        export KAFKA_DATA=$directory/kafka
        # A server leaves its data, and its process, behind unless it is told otherwise: also where a test fails.
        trap '"$shared/kafka/broker" wipe; rmdir "$directory"' EXIT
    else
        "$shared/kafka/broker" wipe
    fi
    KAFKA_PORT=$(free_port)
    export KAFKA_PORT
    KAFKA_BOOTSTRAP_SERVERS=$("$shared/kafka/broker" start "$@")
    export KAFKA_BOOTSTRAP_SERVERS
}

# need_tool TOOL PACKAGE
need_tool() {
    command -v "$1" >/dev/null || .ci/setup "$2"
    command -v "$1" >/dev/null || fail "$1 is missing"
}
