# What pages load, what Python needs, and the portal with neither's tools. Images are pinned by
# digest: docs/operations.md says how to take newer ones.

FROM node:24-slim@sha256:a9f5f7c91a432850b2a8a7797adf5eadb6c733ceed61167806cee7ea7fbc29df AS assets
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund
COPY static/ static/
RUN node static/build.mjs

FROM python:3.13-slim@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b AS base

FROM base AS packages
COPY requirements.txt .
RUN python -m venv /opt/portal \
    && /opt/portal/bin/pip install --no-cache-dir --require-hashes -r requirements.txt \
    && /opt/portal/bin/pip uninstall --yes pip

FROM base
# Photos of reports: a new volume takes its owner from here.
RUN install --directory --owner=10001 --group=10001 /var/lib/portal/media
COPY --from=packages /opt/portal /opt/portal
WORKDIR /app
COPY . .
COPY --from=assets /build/static/build static/build
ENV PATH=/opt/portal/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=stockport.settings.production \
    MEDIA_ROOT=/var/lib/portal/media
# Production names what it misses; nothing of this reaches the image.
RUN SECRET_KEY=only-while-the-image-is-built DATABASE_URL=postgresql://none/none \
    REDIS_URL=redis://none ALLOWED_HOSTS=none SITE_URL=https://none \
    DEFAULT_FROM_EMAIL=none@none EMAIL_HOST=none \
    python manage.py collectstatic --noinput \
    && python -m compileall -q .
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/health/live', timeout=4)"]
CMD ["gunicorn", "stockport.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "--graceful-timeout", "30", "--max-requests", "5000", "--max-requests-jitter", "500"]
