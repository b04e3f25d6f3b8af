# Both images can be replaced, for example by the ones of a registry of your own.
ARG BUILD_IMAGE=docker.io/library/maven:3-eclipse-temurin-17
ARG RUN_IMAGE=docker.io/library/eclipse-temurin:17-jre

# Plugins and libraries change with pom.xml only. The build of an empty project fetches them all, and leaves the
# libraries in target/lib.
FROM ${BUILD_IMAGE} AS dependencies
ARG CAMEL_VERSION=4.18.0
WORKDIR /build
RUN mkdir -p target/classes owned/data && chmod 0775 owned/data
COPY pom.xml ./
RUN mvn -B -ntp -q -Dquick -Dmaven.test.skip=true -Dcamel.version=${CAMEL_VERSION} package

FROM dependencies AS build
ARG CAMEL_VERSION=4.18.0
COPY routes routes
COPY src/main src/main
RUN mvn -B -ntp -q -Dquick -Dmaven.test.skip=true -Dcamel.version=${CAMEL_VERSION} package

# What changes least comes first: a change in the code ships the last layer, a few hundred kilobytes. Nothing runs in
# this stage, so that an image without a shell will do.
FROM ${RUN_IMAGE}
WORKDIR /app
COPY --from=dependencies /build/target/lib lib/
# data/ belongs to the user below and is open to its group: a platform that picks the user id keeps group 0.
COPY --from=dependencies --chown=10001:0 /build/owned/ ./
COPY LICENSE ./
COPY routes routes/
COPY --from=build /build/target/drover.jar ./

ARG VERSION=0.1.0
ARG SOURCE=
LABEL org.opencontainers.image.title="Drover" \
      org.opencontainers.image.description="Drives database rows to HTTP services, in batches, and loses none." \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.source="${SOURCE}"

VOLUME ["/app/routes", "/app/data"]
USER 10001:0
# No shell in between: java is process 1 and gets SIGTERM. Nothing here reads serialized Java objects, so none may be.
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=75", "-XX:+ExitOnOutOfMemoryError", "-Djdk.serialFilter=!*", "-jar", "/app/drover.jar"]
CMD ["run"]
