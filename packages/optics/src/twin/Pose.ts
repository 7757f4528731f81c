/** Where a camera is and where it looks, relative to where the burst's scene was seen from. */
export interface Pose {
  /** Turn to the right about the vertical axis, rad. */
  readonly yaw: number;
  /** Turn upwards about the horizontal axis, rad. */
  readonly pitch: number;
  /** Turn clockwise about the optical axis, seen from behind the camera, rad. */
  readonly roll: number;
  /** To the right, m. */
  readonly xM: number;
  /** Down, m. */
  readonly yM: number;
  /** Forwards, m. */
  readonly zM: number;
}

/** Where the scene itself is seen from. */
export const SCENE_POSE: Pose = { yaw: 0, pitch: 0, roll: 0, xM: 0, yM: 0, zM: 0 };

/** A projective map of ideal image places, 3 × 3 row by row: (x, y, 1) to (X, Y, W), the place is (X/W, Y/W), mm. */
export type Homography = Float64Array;

/** The camera's axes in the scene's, columns right, down, forwards: yaw, then pitch, then roll. */
function rotation({ yaw, pitch, roll }: Pose): number[] {
  const [cy, sy] = [Math.cos(yaw), Math.sin(yaw)];
  const [cp, sp] = [Math.cos(pitch), Math.sin(pitch)];
  const [cr, sr] = [Math.cos(roll), Math.sin(roll)];
  // R = Ry · Rx · Rz, x right, y down, z forwards.
  return [
    cy * cr + sy * sp * sr,
    -cy * sr + sy * sp * cr,
    sy * cp,
    cp * sr,
    cp * cr,
    -sp,
    -sy * cr + cy * sp * sr,
    sy * sr + cy * sp * cr,
    cy * cp,
  ];
}

/**
 * From an ideal image place of the posed camera to that of the camera at {@link SCENE_POSE}, for what lies in the plane at
 * `depthM` (Hartley and Zisserman, Multiple View Geometry, 2nd ed., 2004, section 13.1: the homography that a plane induces).
 * @param imageDistanceMm scale of the ideal image
 * @param out takes the map; filled and returned
 */
export function toScene(
  pose: Pose,
  depthM: number,
  imageDistanceMm: number,
  out: Homography = new Float64Array(9),
): Homography {
  const r = rotation(pose);
  const v = imageDistanceMm;
  const nearness = 1 / depthM;
  const forward = 1 - pose.zM * nearness;
  for (let i = 0; i < 3; i++) {
    out[i] = v * (forward * r[i]! + pose.xM * nearness * r[6 + i]!);
    out[3 + i] = v * (forward * r[3 + i]! + pose.yM * nearness * r[6 + i]!);
    out[6 + i] = r[6 + i]!;
  }
  // The third coordinate of a direction is the image distance.
  for (let row = 0; row < 3; row++) out[row * 3 + 2]! *= v;
  return out;
}

/** The inverse of {@link toScene}: where the posed camera sees what the camera at {@link SCENE_POSE} sees at a place. */
export function fromScene(
  pose: Pose,
  depthM: number,
  imageDistanceMm: number,
  out: Homography = new Float64Array(9),
): Homography {
  const r = rotation(pose);
  const v = imageDistanceMm;
  const nearness = 1 / depthM;
  for (let row = 0; row < 3; row++) {
    const scale = row === 2 ? 1 : v;
    // Rows of the transposed rotation.
    const [a, b, c] = [r[row]!, r[3 + row]!, r[6 + row]!];
    out[row * 3] = (scale * a) / v;
    out[row * 3 + 1] = (scale * b) / v;
    out[row * 3 + 2] =
      scale * (c * (1 - pose.zM * nearness) - a * pose.xM * nearness - b * pose.yM * nearness);
  }
  return out;
}
