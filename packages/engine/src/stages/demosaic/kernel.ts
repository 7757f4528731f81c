export function demosaicBayerFastScratch(stride: i32, height: i32): i32 { return 64; }
export function demosaicBayerBestScratch(stride: i32, height: i32): i32 { return 64; }
export function demosaicBayerFast(src: usize, stride: i32, width: i32, height: i32, phase: i32, dst: usize, scratch: usize): void {
  const plane = <usize>(stride * height * 4 + 64);
  const rx = phase & 1, ry = phase >> 1;
  const row: usize = stride << 2;
  for (let y = 1; y < height - 1; y++) for (let x = 1; x < width - 1; x++) {
    const p = src + <usize>y * row + (x << 2);
    const o = dst + <usize>y * row + (x << 2);
    const c = load<f32>(p);
    const h: f32 = (load<f32>(p - 4) + load<f32>(p, 4)) * 0.5;
    const v: f32 = (load<f32>(p - row) + load<f32>(p + row)) * 0.5;
    const d: f32 = (load<f32>(p - row - 4) + load<f32>(p - row + 4) + load<f32>(p + row - 4) + load<f32>(p + row + 4)) * 0.25;
    const px = (x ^ rx) & 1, py = (y ^ ry) & 1;
    let r: f32, g: f32, b: f32;
    if (px == 0 && py == 0) { r = c; g = (h + v) * 0.5; b = d; }
    else if (px == 1 && py == 1) { b = c; g = (h + v) * 0.5; r = d; }
    else if (py == 0) { g = c; r = h; b = v; }
    else { g = c; r = v; b = h; }
    store<f32>(o, r); store<f32>(o + plane, g); store<f32>(o + 2 * plane, b);
  }
}
export function demosaicBayerBest(src: usize, stride: i32, width: i32, height: i32, phase: i32, dst: usize, scratch: usize): void {
  demosaicBayerFast(src, stride, width, height, phase, dst, scratch);
}
