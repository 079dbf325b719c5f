# One image for every role: the compose file says which command each container runs.
FROM node:24.22.3-bookworm-slim AS build
WORKDIR /app
COPY . .
# npm ci also builds (script "prepare"); what only building and testing need goes away afterwards. So does the ffmpeg
# of 2018 that npm brings for machines without one: the image has Debian's, which gets security updates.
RUN npm ci --no-audit --no-fund && npm prune --omit=dev --ignore-scripts --no-audit --no-fund \
  && rm -rf node_modules/@ffmpeg-installer node_modules/@ffprobe-installer

FROM node:24.22.3-bookworm-slim
RUN apt-get update -qq \
  && apt-get install -y -qq --no-install-recommends ffmpeg tini ca-certificates \
  && rm -rf /var/lib/apt/lists/* \
  && ln -s /app/services/cli/bin/kinoprint.js /usr/local/bin/kinoprint
WORKDIR /app
COPY --from=build /app /app
# A program that its user may not read shows nobody its environment, which holds the secrets of the settings.
RUN chmod 0711 /usr/bin/tini && mkdir /data && chown node:node /data
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 DATA_DIR=/data
USER node
VOLUME /data
EXPOSE 8080
# tini reaps what ffmpeg leaves behind and passes SIGTERM on.
ENTRYPOINT ["/usr/bin/tini", "--", "kinoprint"]
CMD ["serve"]
