"""Trains the networks of the Bayer demosaic.

python3 train.py fast|best TRAIN.pkl OUT.pt --minutes M [--from EARLIER.pt] [--plain]

Needs python3-torch (1.13 will do, one thread). The model is the one of ../reference.ts, in the same order of features
and outputs. --plain trains without the directional differences: the best network was begun so, as it then learns the
colours' own detail before it learns to lean on the differences. EARLIER.pt continues from a training before, of the same network
or of one with fewer channels and no hidden layer between.
"""
import argparse
import math
import pickle
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

TOE = 1 / 32
SHAPES = {'fast': dict(channels=12, middle=1, kernel=3, gated=True), 'best': dict(channels=32, middle=3, kernel=5, gated=False)}
# How pictures are varied: chances that colours are permuted, saturated, get texture of their own, and the weight of
# errors on linear values against those on encoded ones. The fast network has to be told more often what saturation is.
VARY = {
    'fast': dict(permuted=0.25, saturated=0.65, coloured=0.15, collages=1.0, linear=1.2, batch=8),
    'best': dict(permuted=0.15, saturated=0.4, coloured=0.0, collages=0.5, linear=1.0, batch=16),
}
# Features that are one kind of quantity: the taps of each kind sum to zero, so that a flat colour says nothing.
KINDS = [[0, 2, 5], [1, 3, 4], [6], [7, 8], [9]]
R, G1, G2, B = 6, 7, 8, 9


def encode(x):
    return torch.sqrt(x.clamp(min=0) + TOE * TOE) - TOE + x.clamp(max=0) / (2 * TOE)


def decode(y):
    return y * (y.clamp(min=0) + 2 * TOE)


def srgb(x):
    return torch.where(x <= 0.0031308, 12.92 * x.clamp(min=0), 1.055 * x.clamp(min=0.0031308) ** (1 / 2.4) - 0.055)


def quads(light):
    return torch.stack([light[:, 0, 0::2, 0::2], light[:, 1, 0::2, 1::2], light[:, 1, 1::2, 0::2], light[:, 2, 1::2, 1::2]], 1)


def missing(light):
    """What the network is to find: G, B at R; R, B beside R; R, B beside B; R, G at B."""
    places = [(1, 0, 0), (2, 0, 0), (0, 0, 1), (2, 0, 1), (0, 1, 0), (2, 1, 0), (0, 1, 1), (1, 1, 1)]
    return torch.stack([light[:, c, y::2, x::2] for c, y, x in places], 1)


def start(mode):
    """The linear part that training starts from: through the differences (fast), or plain bilinear (best)."""
    w = torch.zeros(8, 10, 3, 3)

    def tap(output, feature, dy, dx, value):
        w[output, feature, dy + 1, dx + 1] += value

    if mode == 'fast':
        for output, centre in enumerate((R, R, G1, G1, G2, G2, B, B)):
            tap(output, centre, 0, 0, 1)
        for output, difference in ((0, 0), (1, 0), (6, 1), (7, 1)):
            tap(output, difference, 0, 0, 1)
        for output, difference, around in ((2, 0, ((0, 0), (0, 1))), (3, 1, ((-1, 0), (0, 0))), (4, 0, ((0, 0), (1, 0))), (5, 1, ((0, -1), (0, 0)))):
            for dy, dx in around:
                tap(output, difference, dy, dx, -0.5)
        for dy in (0, 1):
            for dx in (0, 1):
                tap(1, 1, dy - 1, dx - 1, -0.25)
                tap(6, 0, dy, dx, -0.25)
        return w
    for output, feature, dy, dx in ((0, G1, 0, 0), (0, G1, 0, -1), (0, G2, 0, 0), (0, G2, -1, 0), (7, G1, 0, 0), (7, G1, 1, 0), (7, G2, 0, 0), (7, G2, 0, 1)):
        tap(output, feature, dy, dx, 0.25)
    for dy in (0, 1):
        for dx in (0, 1):
            tap(1, B, dy - 1, dx - 1, 0.25)
            tap(6, R, dy, dx, 0.25)
    for output, feature, around in ((2, R, ((0, 0), (0, 1))), (3, B, ((-1, 0), (0, 0))), (4, R, ((0, 0), (1, 0))), (5, B, ((0, -1), (0, 0)))):
        for dy, dx in around:
            tap(output, feature, dy, dx, 0.5)
    return w


def balanced(w):
    out = [w[:, i] for i in range(w.shape[1])]
    for kind in KINDS:
        mean = w[:, kind].mean((1, 2, 3))[:, None, None]
        for i in kind:
            out[i] = w[:, i] - mean
    return torch.stack(out, 1)


class Net(nn.Module):
    def __init__(s, mode):
        super().__init__()
        shape = SHAPES[mode]
        s.C, s.gated = shape['channels'], shape['gated']
        # The directional step's own numbers, as an earlier training of both together left them.
        s.e = nn.Parameter(torch.tensor([0.1206, 0.0244]))
        s.o = nn.Parameter(torch.tensor([-0.0615]))
        s.va = nn.Parameter(torch.tensor([1.3089, 0.0701, -0.2631]))
        s.vb = nn.Parameter(torch.tensor([-9e-4, 0.672, 1.239, 0.6755, 0.1027]))
        s.f = nn.Parameter(torch.tensor([0.7994, 0.9646, 0.7359, 0.4192, 0.2581]))
        s.eps = nn.Parameter(torch.tensor(-5.1953))
        s.c1 = nn.Conv2d(10, s.C, shape['kernel'], bias=False)
        s.m = nn.ModuleList([nn.Conv2d(s.C, s.C, 3, bias=False) for _ in range(shape['middle'])])
        s.out = nn.Conv2d(s.C + 10, 8, 3, bias=False)
        for c in [s.c1, *s.m]:
            nn.init.kaiming_normal_(c.weight)
        with torch.no_grad():
            s.out.weight.mul_(0.05)
            s.out.weight[:, s.C:] = 0
        if s.gated:
            s.g = nn.Parameter(torch.zeros(8, 12, 3, 3))
            s.lam = nn.Parameter(torch.tensor(0.0))
        s.register_buffer('B', start(mode))
        s.rc = shape['kernel'] // 2 + shape['middle'] + 1
        s.rad = 5 + s.rc
        s.plain = False

    def taps(s):
        e2, e4 = s.e
        o3 = s.o[0]
        va, vb = F.softplus(s.va), F.softplus(s.vb)
        across = torch.stack([va[2], va[1], va[0], va[1], va[2]]) / (va[0] + 2 * va[1] + 2 * va[2])
        difference = torch.stack([e4, o3, e2, -0.5 - o3, 1 - 2 * e2 - 2 * e4, -0.5 - o3, e2, o3, e4])
        return difference, across, vb / vb.sum(), s.f / s.f.sum(), F.softplus(s.eps) ** 2

    def directions(s, m):
        k, a, b, f, eps = s.taps()
        sign = torch.ones(m.shape[2:])
        sign[0::2, 0::2] = -1
        sign[1::2, 1::2] = -1
        rows = F.conv2d(m, k.view(1, 1, 1, 9), padding=(0, 4)) * sign
        columns = F.conv2d(m, k.view(1, 1, 9, 1), padding=(4, 0)) * sign
        row_change = F.pad((rows[..., 2:] - rows[..., :-2]).abs(), (1, 1))
        column_change = F.pad((columns[:, :, 2:] - columns[:, :, :-2]).abs(), (0, 0, 1, 1))
        zero = torch.zeros(4)

        def sides(t):
            forward = torch.cat([zero, t])
            return torch.stack([forward.flip(0), forward])

        row_cost = F.conv2d(F.conv2d(row_change, a.view(1, 1, 5, 1), padding=(2, 0)), sides(b).view(2, 1, 1, 9), padding=(0, 4))
        column_cost = F.conv2d(F.conv2d(column_change, a.view(1, 1, 1, 5), padding=(0, 2)), sides(b).view(2, 1, 9, 1), padding=(4, 0))
        row_mean = F.conv2d(rows, sides(f).view(2, 1, 1, 9), padding=(0, 4))
        column_mean = F.conv2d(columns, sides(f).view(2, 1, 9, 1), padding=(4, 0))
        w = 1 / (torch.cat([row_cost, column_cost], 1) ** 2 + eps)
        total = w.sum(1, keepdim=True)
        blended = (w * torch.cat([row_mean, column_mean], 1)).sum(1, keepdim=True) / total
        return blended, rows, columns, 4 / total

    def w1(s):
        return balanced(s.c1.weight)

    def wo(s):
        return torch.cat([s.out.weight[:, :s.C], s.B + balanced(s.out.weight[:, s.C:])], 1)

    def forward(s, x):
        def at(t, y, c):
            return t[:, :, y::2, c::2]

        def cut(t, c):
            return t[:, :, c:-c, c:-c]

        m = F.pixel_shuffle(x, 2)
        # In the best network the directional step's numbers stay as they are: training is then twice as fast.
        with torch.set_grad_enabled(torch.is_grad_enabled() and s.gated):
            d, rows, columns, cost = s.directions(m)
        differences = torch.cat([at(d, 0, 0), at(d, 1, 1), at(rows, 0, 1), at(columns, 0, 1), at(rows, 1, 0), at(columns, 1, 0)], 1)
        features = torch.cat([differences * (0 if s.plain else 1), x], 1)
        h = F.relu(F.conv2d(cut(features, 5), s.w1()))
        for layer in s.m:
            h = F.relu(layer(h))
        y = F.conv2d(torch.cat([h, cut(features, s.rad - 1)], 1), s.wo())
        if not s.gated:
            return y
        r, g1, g2, b = [x[:, i:i + 1] for i in range(4)]
        pad = F.pad(x, (1, 1, 1, 1))
        hi, wi = x.shape[2:]

        def near(i, dy, dx):
            return pad[:, i:i + 1, 1 + dy:1 + dy + hi, 1 + dx:1 + dx + wi]

        plain = torch.cat([
            (g1 + near(1, 0, -1) + g2 + near(2, -1, 0)) / 4 - r, (g2 + near(2, 0, 1) + g1 + near(1, 1, 0)) / 4 - b,
            g1 - (r + near(0, 0, 1)) / 2, g1 - (b + near(3, -1, 0)) / 2, g2 - (b + near(3, 0, -1)) / 2, g2 - (r + near(0, 1, 0)) / 2,
        ], 1)
        steps = F.pad((m[..., 2:] - m[..., :-2]).abs(), (1, 1)) + F.pad((m[:, :, 2:] - m[:, :, :-2]).abs(), (0, 0, 1, 1))
        own = F.avg_pool2d(F.avg_pool2d(steps, 2), 3, 1, 1)
        c = (at(cost, 0, 0) + at(cost, 1, 1)) / 2
        trust = c / (c + F.softplus(s.lam) * own * own + 1e-5)
        once = trust * (differences - plain)
        return y + F.conv2d(cut(torch.cat([once, trust * once], 1), s.rad - 1), s.g)


class Data:
    def __init__(s, path, size, vary):
        s.size, s.vary, s.rng, s.pictures, weights = size, vary, np.random.default_rng(), [], []
        with open(path, 'rb') as f:
            stored = pickle.load(f)
        for name, a in stored:
            if min(a.shape[:2]) < size + 2:
                continue
            g = (a[..., 1] >> 8).astype(np.float32)
            e = np.abs(np.diff(g, axis=0))[:, :-1] + np.abs(np.diff(g, axis=1))[:-1]
            h, w = e.shape[0] // 16 * 16, e.shape[1] // 16 * 16
            e = e[:h, :w].reshape(h // 16, 16, w // 16, 16).mean((1, 3))
            s.pictures.append((a, e))
            k = vary['collages'] if name.startswith('collage') else 1
            weights.append(k * math.sqrt(a.shape[0] * a.shape[1]) * min(1, 0.15 + e.mean() / 6))
        s.cumulative = np.cumsum(weights) / sum(weights)

    def crop(s):
        r, n = s.rng, s.size
        a, e = s.pictures[min(len(s.pictures) - 1, int(np.searchsorted(s.cumulative, r.random())))]
        for _ in range(6):  # rather where something happens
            y, x = int(r.integers(a.shape[0] - n)), int(r.integers(a.shape[1] - n))
            if e[y // 16 + 1:(y + n) // 16, x // 16 + 1:(x + n) // 16].mean() > r.random() ** 2 * 8:
                break
        p, k = a[y:y + n, x:x + n], int(r.integers(8))
        p = p[::-1] if k & 1 else p
        p = p[:, ::-1] if k & 2 else p
        p = p.transpose(1, 0, 2) if k & 4 else p
        return p[..., r.permutation(3)] if r.random() < s.vary['permuted'] else p

    def batch(s):
        r, n = s.rng, s.vary['batch']

        def chance(p, low, high, otherwise=0.0):
            return torch.from_numpy(np.where(r.random(n) < p, r.uniform(low, high, n), otherwise).astype(np.float32)).view(n, 1, 1, 1)

        grey = torch.tensor([0.3, 0.5, 0.2]).view(1, 3, 1, 1)
        p = torch.from_numpy(np.stack([s.crop() for _ in range(n)]).astype(np.float32)).permute(0, 3, 1, 2) / 65535
        m = (p * grey).sum(1, keepdim=True)
        p = m + (p - m) * chance(s.vary['saturated'], 0.5, 2.4, 1)
        if s.vary['coloured'] > 0:  # texture that is in the colour alone, from another picture
            q = (p.roll(1, 0) * grey).sum(1, keepdim=True)
            v = torch.from_numpy(r.normal(size=(n, 3, 1, 1)).astype(np.float32))
            p = p + chance(s.vary['coloured'], 0.1, 0.7) * (q - q.mean((2, 3), keepdim=True)) * v
        gains = np.where((r.random(n) < 0.2)[:, None], r.uniform(0.6, 1.25, (n, 3)), 1)
        p = p * torch.from_numpy(gains.astype(np.float32)).view(n, 3, 1, 1)
        # as scanners and cameras sharpen
        q = F.pad(p, (1, 1, 1, 1), mode='replicate')
        q = q[:, :, :-2] + 2 * q[:, :, 1:-1] + q[:, :, 2:]
        q = (q[..., :-2] + 2 * q[..., 1:-1] + q[..., 2:]) / 16
        t = (p + chance(0.4, 0.2, 1.2) * (p - q)).clamp(0, 1)
        light = torch.where(t <= 0.04045, t / 12.92, ((t + 0.055) / 1.055) ** 2.4)
        light = (light * torch.exp(chance(2, math.log(0.35), math.log(1.15)))).clamp(max=1)
        mosaic = quads(light)
        slope = torch.exp(chance(0.3, math.log(5e-5), math.log(4e-3), -99))
        return light, mosaic + torch.randn_like(mosaic) * torch.sqrt(slope * mosaic + slope * 0.02)


def widen(net, earlier):
    """Takes over a smaller network of the same mode: new channels are hardly heard at first, a new layer passes on what it gets."""
    state = net.state_dict()
    channels = earlier['c1.weight'].shape[0]
    for name, value in earlier.items():
        if name not in ('c1.weight', 'out.weight'):
            state[name] = value.clone()
    state['c1.weight'] *= 0.3
    state['c1.weight'][:channels] = earlier['c1.weight']
    state['out.weight'].zero_()
    state['out.weight'][:, :channels] = earlier['out.weight'][:, :channels]
    state['out.weight'][:, net.C:] = earlier['out.weight'][:, channels:]
    for i in range(len(net.m)):
        layer = state[f'm.{i}.weight']
        layer *= 0.15
        layer[:channels] *= 0.1
        layer[range(net.C), range(net.C), 1, 1] = 1
    return state


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('mode', choices=SHAPES)
    parser.add_argument('data')
    parser.add_argument('out')
    parser.add_argument('--minutes', type=float, required=True)
    parser.add_argument('--from', dest='earlier')
    parser.add_argument('--plain', action='store_true')
    parser.add_argument('--rate', type=float, default=2e-3)
    a = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(1)
    net, vary = Net(a.mode), VARY[a.mode]
    if a.earlier:
        earlier = torch.load(a.earlier)
        same = all(earlier[k].shape == v.shape for k, v in net.state_dict().items() if k in earlier) and len(earlier) == len(net.state_dict())
        net.load_state_dict(earlier if same else widen(net, earlier))
    net.plain = a.plain
    data = Data(a.data, 2 * (32 + 2 * net.rad), vary)
    opt = torch.optim.Adam(net.parameters(), a.rate, betas=(0.9, 0.99))
    begin, step, mean = time.time(), 0, None
    while (done := (time.time() - begin) / (a.minutes * 60)) < 1:
        for group in opt.param_groups:
            group['lr'] = a.rate * min(1, (step + 1) / 150) * (0.005 + 0.995 * 0.5 * (1 + math.cos(math.pi * done)))
        light, mosaic = data.batch()
        found, truth = decode(net(encode(mosaic))), missing(light)[:, :, net.rad:-net.rad, net.rad:-net.rad]
        linear, encoded = ((found - truth) ** 2).mean((1, 2, 3)), ((srgb(found) - srgb(truth)) ** 2).mean((1, 2, 3))
        # Logarithms, because the figure is a mean of decibels: no picture counts more because it is difficult.
        loss = (vary['linear'] * torch.log(linear + 1e-5) + (2 - vary['linear']) * torch.log(encoded + 2e-5)).mean()
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 0.5)
        opt.step()
        step += 1
        state, keep = net.state_dict(), min(0.997, step / (step + 60))
        mean = {k: v.clone() for k, v in state.items()} if mean is None else {k: keep * mean[k] + (1 - keep) * v for k, v in state.items()}
        if step % 500 == 0:
            print(f'{done:.0%} step {step} loss {loss.item():.3f}', flush=True)
            torch.save(mean, a.out)
    torch.save(mean, a.out)


if __name__ == '__main__':
    main()
