# The build and the runtime are both Debian 12, so that the shared libraries of the one are those of the other.
FROM swift:6.3.1-bookworm AS build
WORKDIR /lifecycle
COPY .ci/setup .ci/setup
RUN .ci/setup && rm -rf /var/lib/apt/lists/*
# The manifest names the tests, so they must be there.
COPY Package.swift ./
COPY Sources Sources
COPY Tests Tests
# Swift's own libraries go into the program: the runtime image then needs none of Swift.
RUN swift build --configuration release --product lifecycle --static-swift-stdlib \
    && install -D "$(swift build --configuration release --static-swift-stdlib --show-bin-path)/lifecycle" \
        /out/lifecycle

FROM debian:12-slim
# What the program is linked to (`ldd` names the files), the zone data that policies are compiled with, and the
# certificate authorities that a broker's TLS certificate may come from.
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
        ca-certificates \
        libmicrohttpd12 \
        librdkafka1 \
        libsimdjson14 \
        libssl3 \
        libstdc++6 \
        libxxhash0 \
        libyaml-0-2 \
        libzstd1 \
        tzdata \
        zlib1g \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /out/lifecycle /usr/local/bin/lifecycle

# The state: identity, lock, checkpoints. Losing it costs a longer start, never data.
ENV LIFECYCLE_STATE_DIR=/var/lib/lifecycle
RUN groupadd --gid 10001 lifecycle \
    && useradd --uid 10001 --gid lifecycle --home-dir /var/lib/lifecycle --shell /usr/sbin/nologin lifecycle \
    && install --directory --owner lifecycle --group lifecycle --mode 0750 /var/lib/lifecycle
VOLUME /var/lib/lifecycle
USER lifecycle
WORKDIR /var/lib/lifecycle

# `run` writes how it is every second. Folding a long log again at the start is well; hanging is not.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["lifecycle", "status"]
ENTRYPOINT ["lifecycle"]
CMD ["run"]
