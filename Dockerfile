# One image for every role. The compose file names the command of each container.
FROM node:24.22.3-bookworm-slim AS stripped-node
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends binutils && strip -o /node /usr/local/bin/node

FROM node:24.22.3-bookworm-slim AS system
# Manuals, as the base itself leaves them out, and the drivers of Intel Quick Sync, which no setting uses.
COPY deploy/dpkg-excludes /etc/dpkg/dpkg.cfg.d/kinoprint
COPY --from=stripped-node /node /usr/local/bin/node
# Debian's ffmpeg gets security updates. The purged packages draw on screens; no file that ffmpeg loads is in them, which
# `ffmpeg -version` shows. npm, yarn and the headers of Node only build.
RUN apt-get update -qq \
  && apt-get install -y -qq --no-install-recommends ffmpeg tini ca-certificates \
  && dpkg --purge --force-depends libgl1-mesa-dri libllvm15 libz3-4 xkb-data shared-mime-info >/dev/null 2>&1 \
  && ffmpeg -version >/dev/null && ffprobe -version >/dev/null \
  && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/*-old /var/lib/dpkg/*-old /var/log/* /tmp/* /root/.npm \
    /opt/yarn* /usr/local/bin/corepack /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/yarn* \
    /usr/local/include /usr/local/lib/node_modules /usr/local/share \
    /usr/share/locale /usr/share/man /usr/share/info \
  && ln -s /app/services/cli/bin/kinoprint.js /usr/local/bin/kinoprint \
  # tini inherits all secrets. Linux hides the environment of a program that its user may not read.
  && chmod 0711 /usr/bin/tini && mkdir /data && chown node:node /data

FROM node:24.22.3-bookworm-slim AS build
WORKDIR /source
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
# Before the development packages go, which it leaves out and npm would miss.
RUN npm sbom --omit=dev --sbom-format=cyclonedx >/tmp/npm.cdx.json
RUN npm run build && npm prune --omit=dev --ignore-scripts --no-audit --no-fund && node deploy/stage-image.ts /app
COPY --from=system /var/lib/dpkg/status /tmp/dpkg-status
RUN node deploy/make-sbom.ts /tmp/npm.cdx.json /tmp/dpkg-status /app/sbom.cdx.json

# Two layers, without what the first stage removed from its base.
FROM scratch
COPY --from=system / /
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 DATA_DIR=/data
USER node
VOLUME /data
EXPOSE 8080
# tini reaps orphaned processes and passes SIGTERM on.
ENTRYPOINT ["/usr/bin/tini", "--", "kinoprint"]
CMD ["serve"]
