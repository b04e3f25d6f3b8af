# Both images can be replaced, for example by the ones of a registry of your own.
ARG BUILD_IMAGE=docker.io/library/maven:3-eclipse-temurin-17
ARG RUN_IMAGE=docker.io/library/eclipse-temurin:25-jre

# Plugins and libraries change with pom.xml only. The build of an empty project fetches them all, and leaves the
# libraries in target/lib.
FROM ${BUILD_IMAGE} AS dependencies
ARG CAMEL_VERSION=4.18.0
WORKDIR /build
RUN mkdir -p target/classes owned/data && chmod 0775 owned/data
COPY pom.xml ./
RUN mvn -B -ntp -q -Dquick -Dcyclonedx.skip=false -Dmaven.test.skip=true -Dcamel.version=${CAMEL_VERSION} package

FROM dependencies AS build
ARG CAMEL_VERSION=4.18.0
COPY routes routes
COPY src/main src/main
RUN mvn -B -ntp -q -Dquick -Dmaven.test.skip=true -Dcamel.version=${CAMEL_VERSION} package

# What changes least comes first: a change in the code ships the last two layers, a megabyte of code and the
# cache. Only java runs from here on, so that an image without a shell will do.
FROM ${RUN_IMAGE} AS program
WORKDIR /app
COPY --from=dependencies /build/target/lib lib/
COPY --from=dependencies /build/target/sbom.json ./
# data/ belongs to the user below and is open to its group: a platform that picks the user id keeps group 0.
COPY --from=dependencies --chown=10001:0 /build/owned/ ./
COPY LICENSE src/main/jvm/compiler.options ./
COPY routes routes/
COPY --from=build /build/target/drover.jar ./
# The health check below asks the management port, so it is open, on the loopback of the container only, unless
# DROVER_MANAGEMENT_ENABLED says false. auto: a second process on the same network goes on without it, and says so.
ENV DROVER_MANAGEMENT_ENABLED=auto

# The demo shows Java which classes a start needs and which of their methods are hot; with what it keeps of them the next
# start takes a fraction of the time.
FROM program AS trained
RUN ["java", "@/app/compiler.options", "-XX:+IgnoreUnrecognizedVMOptions", "-XX:AOTCacheOutput=/tmp/drover.aot", "-XX:+UseCompressedOops", "-Xlog:disable", "-Dio.netty.noUnsafe=true", "-Djdk.serialFilter=!*", "-jar", "/app/drover.jar", "run", "--demo", "--drain"]

FROM program
# A Java before 25 makes no cache, and a COPY that finds nothing is an error: the licence is always there.
COPY --from=trained /app/LICENSE /tmp/drover.aot* ./

ARG VERSION=0.1.0
ARG SOURCE=
LABEL org.opencontainers.image.title="Drover" \
      org.opencontainers.image.description="Drives database rows to HTTP services, in batches, and loses none." \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.source="${SOURCE}"

VOLUME ["/app/routes", "/app/data"]
USER 10001:0
# Alive is who answers; a destination, a source or a store that is down changes nothing. Commands that open no port are
# well: there is nothing to end early. A start waits for databases that are down, so it has five minutes; the first answer
# ends them. buildah and podman keep this line with --format docker only: the OCI format has no place for it.
HEALTHCHECK --interval=30s --timeout=10s --start-period=300s --retries=3 \
    CMD ["java", "-Xmx16m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", "/app/drover.jar", "dev.drover.cli.HealthCheck"]
# No shell in between: java is process 1 and gets SIGTERM. Nothing here reads serialized Java objects, so none may be. A
# cache that is missing, or that does not fit, costs time only, and Java says so in the log; a heap of more than 32 GB
# would not fit. Netty asks for memory in a way of which Java 25 warns, unless it is told not to.
ENTRYPOINT ["java", "@/app/compiler.options", "-XX:MaxRAMPercentage=75", "-XX:+ExitOnOutOfMemoryError", "-XX:+IgnoreUnrecognizedVMOptions", "-XX:AOTCache=/app/drover.aot", "-XX:+UseCompressedOops", "-Xlog:disable", "-Xlog:all=warning:stderr", "-Dio.netty.noUnsafe=true", "-Djdk.serialFilter=!*", "-jar", "/app/drover.jar"]
CMD ["run"]
