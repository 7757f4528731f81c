"""Photographs to clean training pictures: linear light, reduced until noise and the maker's own demosaicing are gone.

python3 prepare.py SOURCES TRAIN.pkl

SOURCES holds .jpg and .png (sRGB) and .pfm (scene-linear, from OpenEXR); README.md lists those that the shipped weights
saw. Collages of saturated shapes, stripes and pieces of the photographs are added: edges that photographs rarely have.
"""
import glob
import os
import pickle
import sys

import numpy as np
from PIL import Image, ImageDraw

SUPER = 3  # the collages are drawn this much larger and reduced

rng = np.random.default_rng(5)


def decode(v):
    return np.where(v <= 0.04045, v / 12.92, ((np.maximum(v, 0) + 0.055) / 1.055) ** 2.4)


def encode(x):
    x = np.clip(x, 0, 1)
    return np.where(x <= 0.0031308, 12.92 * x, 1.055 * x ** (1 / 2.4) - 0.055)


def reduce(a, k):
    h, w = a.shape[0] // k * k, a.shape[1] // k * k
    return a[:h, :w].reshape(h // k, k, w // k, k, 3).mean((1, 3))


def read_pfm(name):
    with open(name, 'rb') as f:
        f.readline()
        w, h = map(int, f.readline().split())
        order = '<' if float(f.readline()) < 0 else '>'
        return np.maximum(np.nan_to_num(np.frombuffer(f.read(), order + 'f4').reshape(h, w, 3)[::-1]), 0)


def photographs(folder):
    table = decode(np.arange(256) / 255.0).astype(np.float32)
    for name in sorted(glob.glob(os.path.join(folder, '*'))):
        base = os.path.basename(name)
        if base.endswith('.pfm'):
            a = reduce(read_pfm(name), 2)
            yield base, np.clip(a / np.percentile(a.max(2), 97), 0, 1)
            continue
        a = table[np.asarray(Image.open(name).convert('RGB'))]
        megapixels = a.shape[0] * a.shape[1] / 1e6
        for k in (1,) if megapixels < 0.5 else (2, 3) if megapixels < 16 else (3, 5):
            yield base, reduce(a, k)


def piece(pictures, h, w):
    for _ in range(20):
        a = pictures[rng.integers(len(pictures))][1]
        if a.shape[0] > h + 2 and a.shape[1] > w + 2:
            break
    else:
        return np.full((h, w, 3), 0.5, np.float32)
    y, x = rng.integers(a.shape[0] - h), rng.integers(a.shape[1] - w)
    p = a[y:y + h, x:x + w].astype(np.float32) / 65535
    p = p[..., rng.permutation(3)]
    m = p.mean(2, keepdims=True)
    p = m + (p - m) * rng.uniform(0.5, 3)
    return np.clip(p * rng.uniform(0.5, 1.3, 3) + rng.uniform(-0.1, 0.1, 3), 0, 1).astype(np.float32)


def shape(r):
    m = Image.new('L', (2 * r, 2 * r), 0)
    d = ImageDraw.Draw(m)
    kind = rng.integers(5)
    a = rng.uniform(0, np.pi)
    if kind == 0:
        d.ellipse((0, 0, 2 * r - 1, 2 * r - 1), fill=255)
    elif kind < 3:
        corners = rng.integers(3, 8)
        angles, radii = np.sort(rng.uniform(0, 2 * np.pi, corners)), r * rng.uniform(0.5, 1, corners)
        d.polygon([(r + q * np.cos(t), r + q * np.sin(t)) for t, q in zip(angles, radii)], fill=255)
    elif kind == 3:
        c, s = r * np.cos(a), r * np.sin(a)
        d.line((r - c, r - s, r + c, r + s), fill=255, width=max(2, int(r * rng.uniform(0.05, 0.4))))
    else:
        if rng.random() < 0.4:
            a = rng.choice([0, np.pi / 2])
        y, x = np.mgrid[0:2 * r, 0:2 * r]
        stripes = ((x * np.cos(a) + y * np.sin(a)) / (rng.uniform(2.2, 9) * SUPER)) % 1 < rng.uniform(0.3, 0.7)
        return stripes & ((x - r) ** 2 + (y - r) ** 2 < r * r)
    return np.asarray(m) > 0


def collage(pictures, soft, size=448, shapes=260):
    n = size * SUPER
    big = np.zeros((n, n, 3), np.float32)
    big[:] = rng.uniform(0, 1, 3)
    for _ in range(shapes):
        r = int(min(n * 0.4, 9 * SUPER / rng.uniform(0.02, 1) ** 0.7))
        cy, cx = rng.integers(0, n, 2)
        m = shape(r)
        top, left, bottom, right = max(0, cy - r), max(0, cx - r), min(n, cy + r), min(n, cx + r)
        m = m[top - cy + r:bottom - cy + r, left - cx + r:right - cx + r]
        if m.size == 0:
            continue
        if rng.random() < 0.5:
            slope = rng.uniform(-0.3, 0.3, 3) * (rng.random() < 0.5)
            y = np.linspace(-0.5, 0.5, m.shape[0])[:, None, None]
            colour = np.clip(rng.uniform(0, 1, 3) + slope * y, 0, 1) * np.ones((1, m.shape[1], 1))
        else:
            p = piece(pictures, -(-m.shape[0] // SUPER), -(-m.shape[1] // SUPER))
            colour = np.repeat(np.repeat(p, SUPER, 0), SUPER, 1)[:m.shape[0], :m.shape[1]]
        big[top:bottom, left:right][m] = colour[m]
    light = reduce(decode(big), SUPER)
    if soft:
        light = (np.roll(light, 1, 0) + 2 * light + np.roll(light, -1, 0)) / 4
        light = (np.roll(light, 1, 1) + 2 * light + np.roll(light, -1, 1)) / 4
    return light


def main():
    def stored(light):
        return np.round(encode(light) * 65535).astype(np.uint16)

    pictures = [(name, stored(light)) for name, light in photographs(sys.argv[1])]
    collages = [(f'collage{i}', stored(collage(pictures, i % 3 == 0))) for i in range(36)]
    with open(sys.argv[2], 'wb') as f:
        pickle.dump(pictures + collages, f, 4)


main()
