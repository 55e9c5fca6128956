# The image of the operator. Two bases, to be replaced by your own mirrors:
#   docker build -t exchange2fa-operator:0.1.0 --build-arg BUILD_BASE=… --build-arg RUN_BASE=… .
# BUILD_BASE needs npm (with Node 20 or later), RUN_BASE only glibc and libstdc++: Node itself comes from the lockfile, the version that was tested.
ARG BUILD_BASE=node:24-trixie-slim
ARG RUN_BASE=debian:trixie-slim

FROM ${BUILD_BASE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY dev dev
COPY src src
RUN npm run build

FROM ${RUN_BASE}
WORKDIR /app
COPY --from=build /app/node_modules/node/bin/node /usr/local/bin/node
COPY --from=build /app/dist dist
USER 65532:65532
EXPOSE 8080
# After a rush glibc keeps what was freed and V8 what its heap grew to. With these both give it back; without V8's dearest compiler there is
# less to load, and no work here is hot for long enough to earn it (docs/speed.md). `bench` reads them here.
# Nothing is written to the file system.
ENV NODE_ENV=production MALLOC_ARENA_MAX=1 MALLOC_TRIM_THRESHOLD_=65536 MALLOC_MMAP_THRESHOLD_=18432 MALLOC_TOP_PAD_=0
ENTRYPOINT ["node", "--expose-gc", "--no-turbofan", "--no-parallel-scavenge", "dist/operator.js"]
