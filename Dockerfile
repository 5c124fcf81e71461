# One image for every service and for the `berkas` command: what runs is chosen by the command.
#
#   docker build -t berkas .
#   docker run berkas node services/ingest/dist/main.js

ARG NODE_IMAGE=node:20-bookworm-slim

# What an installation depends on. A change of the source alone leaves it as it is, so that the
# layers that install are taken from the cache, and a new workspace needs no line here.
FROM ${NODE_IMAGE} AS manifests
WORKDIR /app
COPY . .
RUN find . -type f ! -name package.json ! -name package-lock.json ! -name .npmrc -delete \
  && find . -type d -empty -delete

FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY --from=manifests /app ./
# Without scripts: `prepare` of the root would build, and no dependency needs one. Nothing reads the
# types, TypeScript sources and source maps that packages ship.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  && find node_modules -type f -regex '.*\.\([cm]?ts\|map\)' -delete \
  && rm package-lock.json .npmrc

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY --from=manifests /app ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build \
  && mkdir /production \
  && find cli services shared -path '*/dist/*' -name '*.js' ! -path '*/testing/*' \
    -exec cp --parents -t /production {} + \
  && cp -r --parents -t /production cli/bin knowledge shared/scoring/prompts

FROM ${NODE_IMAGE}
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080
WORKDIR /app
COPY --from=dependencies /app ./
COPY --from=build /production ./
USER node
EXPOSE 8080
# Node itself is process 1, so that SIGTERM reaches it.
ENTRYPOINT []
CMD ["node", "services/gateway/dist/main.js"]
