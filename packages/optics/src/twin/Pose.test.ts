import { describe, expect, it } from 'vitest';
import { handMotion } from './hand.js';
import { fromScene, type Homography, type Pose, SCENE_POSE, toScene } from './Pose.js';

const FOCAL = 3029;

function map(h: Homography, x: number, y: number): [number, number] {
  const w = h[6]! * x + h[7]! * y + h[8]!;
  return [(h[0]! * x + h[1]! * y + h[2]!) / w, (h[3]! * x + h[4]! * y + h[5]!) / w];
}

/** Where a posed camera sees what the scene's camera sees at a place. */
const seen = (pose: Partial<Pose>, x = 0, y = 0, depthM = 2) =>
  map(fromScene({ ...SCENE_POSE, ...pose }, depthM, FOCAL), x, y);

describe('poses', () => {
  it('turning right and up moves the picture left and down, by focal length times tangent', () => {
    expect(seen({ yaw: 0.01 })[0]).toBeCloseTo(-FOCAL * Math.tan(0.01), 9);
    expect(seen({ yaw: 0.01 })[1]).toBeCloseTo(0, 9);
    expect(seen({ pitch: 0.01 })[1]).toBeCloseTo(FOCAL * Math.tan(0.01), 9);
  });

  it('rolling clockwise turns the picture counterclockwise', () => {
    const [x, y] = seen({ roll: 0.02 }, 1000, 0);
    expect(x).toBeCloseTo(1000 * Math.cos(0.02), 9);
    expect(y).toBeCloseTo(-1000 * Math.sin(0.02), 9);
  });

  it('moving sideways is parallax: focal length times movement over distance, none at infinity', () => {
    expect(seen({ xM: 0.01 })[0]).toBeCloseTo((-FOCAL * 0.01) / 2, 9);
    expect(seen({ yM: 0.01 }, 0, 0, 8)[1]).toBeCloseTo((-FOCAL * 0.01) / 8, 9);
    expect(Math.hypot(...seen({ xM: 0.01, yM: 0.3 }, 0, 0, Number.POSITIVE_INFINITY))).toBeLessThan(1e-9);
  });

  it('moving forwards makes a plane larger', () => {
    const [x, y] = seen({ zM: 0.5 }, 300, -90);
    expect(x).toBeCloseTo((300 * 2) / 1.5, 9);
    expect(y).toBeCloseTo((-90 * 2) / 1.5, 9);
  });

  it('agree with points in space that are projected by elementary rotations, for any pose', () => {
    for (let seed = 0; seed < 20; seed++) {
      const pose = handMotion({ seed, strength: 20 })(0.9);
      const [x, y] = seen(pose, FOCAL * 0.31, -FOCAL * 0.22);
      // The pixel's ray, rolled, pitched and yawed one after the other, passes through the point.
      const [rx, ry] = [x / FOCAL, y / FOCAL];
      const [x1, y1] = [
        rx * Math.cos(pose.roll) - ry * Math.sin(pose.roll),
        rx * Math.sin(pose.roll) + ry * Math.cos(pose.roll),
      ];
      const [y2, z2] = [
        y1 * Math.cos(pose.pitch) - Math.sin(pose.pitch),
        y1 * Math.sin(pose.pitch) + Math.cos(pose.pitch),
      ];
      const [dx, dy, dz] = [
        x1 * Math.cos(pose.yaw) + z2 * Math.sin(pose.yaw),
        y2,
        -x1 * Math.sin(pose.yaw) + z2 * Math.cos(pose.yaw),
      ];
      const [wx, wy, wz] = [0.62 - pose.xM, -0.44 - pose.yM, 2 - pose.zM];
      expect(Math.hypot(dy * wz - dz * wy, dz * wx - dx * wz, dx * wy - dy * wx)).toBeLessThan(1e-12);
    }
  });

  it('there and back is the same place', () => {
    const pose = handMotion({ seed: 5, strength: 30 })(0.7);
    const [x, y] = map(toScene(pose, 3, FOCAL), ...map(fromScene(pose, 3, FOCAL), 812, -407));
    expect(x).toBeCloseTo(812, 8);
    expect(y).toBeCloseTo(-407, 8);
  });
});
