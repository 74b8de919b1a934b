# Wence in a container: the pinned packages with the hashes that were locked, the program, and a user of its own.
# Built by `docker build -t wence .`; compose.yaml runs it beside PostgreSQL. Settings are environment variables.

FROM python:3.11-slim-bookworm AS build
WORKDIR /build
RUN python -m venv /opt/wence
# The packages first: they change less often than the program, so their layer is kept.
COPY lock/app.txt lock/postgres.txt lock/
RUN /opt/wence/bin/pip install --no-cache-dir --no-compile --no-deps --require-hashes \
    --requirement lock/app.txt --requirement lock/postgres.txt
COPY pyproject.toml ./
COPY corpus/ corpus/
COPY index/ index/
COPY bot/ bot/
# What builds the project is among the packages above.
RUN /opt/wence/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/wence --shell /usr/sbin/nologin wence
COPY --from=build /opt/wence /opt/wence
ENV PATH=/opt/wence/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    WENCE_DATA_DIR=/var/lib/wence \
    WENCE_HTTP_HOST=0.0.0.0
USER 10001
WORKDIR /var/lib/wence
# Plans of the office's own, keys, the model and the index; without PostgreSQL the state too.
VOLUME ["/var/lib/wence"]
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=120s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
ENTRYPOINT ["wence"]
CMD ["run"]
