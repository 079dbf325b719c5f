# One image for every role. The compose file names the command of each container.
FROM node:24.22.3-bookworm-slim AS build
WORKDIR /app
# Dependencies have a layer of their own, rebuilt only when a package.json or the lock file changes.
COPY package.json package-lock.json ./
COPY packages/contract/package.json packages/contract/
COPY packages/core/package.json packages/core/
COPY packages/dna/package.json packages/dna/
COPY packages/embedded-postgres/package.json packages/embedded-postgres/
COPY packages/engine/package.json packages/engine/
COPY packages/media/package.json packages/media/
COPY packages/objects/package.json packages/objects/
COPY packages/queue/package.json packages/queue/
COPY packages/runtime/package.json packages/runtime/
COPY packages/store/package.json packages/store/
COPY services/api/package.json services/api/
COPY services/cli/package.json services/cli/
COPY services/console/package.json services/console/
COPY services/worker/package.json services/worker/
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
# Removes development dependencies, and npm's ffmpeg of 2018: the image has Debian's, which gets security updates.
RUN npm run build && npm prune --omit=dev --ignore-scripts --no-audit --no-fund \
  && rm -rf node_modules/@ffmpeg-installer node_modules/@ffprobe-installer

FROM node:24.22.3-bookworm-slim
RUN apt-get update -qq \
  && apt-get install -y -qq --no-install-recommends ffmpeg tini ca-certificates \
  && rm -rf /var/lib/apt/lists/* \
  && ln -s /app/services/cli/bin/kinoprint.js /usr/local/bin/kinoprint
WORKDIR /app
COPY --from=build /app /app
# tini inherits all secrets. Linux hides the environment of a program that its user may not read.
RUN chmod 0711 /usr/bin/tini && mkdir /data && chown node:node /data
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 DATA_DIR=/data
USER node
VOLUME /data
EXPOSE 8080
# tini reaps orphaned processes and passes SIGTERM on.
ENTRYPOINT ["/usr/bin/tini", "--", "kinoprint"]
CMD ["serve"]
