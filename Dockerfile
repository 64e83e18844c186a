# GAN Studio for a classroom or a server.
#
#   docker build -t gan-studio .                              on processors
#   docker build -t gan-studio --build-arg COMPUTE=cu128 .    on NVIDIA cards: cu126, cu128, cu130, as the driver is
#   docker run -p 7860:7860 -v gan-runs:/runs gan-studio
#
# What stands behind the image's name goes to the app: --auth class:our-password, --name studio.example, --help.
FROM python:3.12-slim

ARG COMPUTE=cpu
ENV PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1

RUN useradd --create-home --uid 1000 studio
WORKDIR /app

# PyTorch first and by itself, since it is the largest and seldom another one.
COPY requirements.txt ./
RUN pip install "$(grep ^torch requirements.txt)" --index-url "https://download.pytorch.org/whl/$COMPUTE"
RUN pip install -r requirements.txt

COPY app.py LICENSE README.md ./
COPY gan ./gan
COPY weights ./weights

RUN mkdir /runs && chown studio /runs
USER studio
ENV GRADIO_SERVER_NAME=0.0.0.0 GRADIO_SERVER_PORT=7860
EXPOSE 7860
VOLUME /runs

HEALTHCHECK --start-period=2m --interval=30s --timeout=5s CMD ["python", "-c", "import http.client as http; studio = http.HTTPConnection('127.0.0.1', 7860, timeout=4); studio.request('GET', '/robots.txt'); exit(studio.getresponse().status >= 500)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["python", "app.py", "--runs", "/runs"]
