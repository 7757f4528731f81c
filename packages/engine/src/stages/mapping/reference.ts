import type { Opcode } from '@photosite/raw';

type Mapping = Extract<
  Opcode,
  { kind: 'MapPolynomial' | 'MapTable' | 'DeltaPerRow' | 'DeltaPerColumn' | 'ScalePerRow' | 'ScalePerColumn' }
>;

const unit = (value: number): number => Math.min(Math.max(value, 0), 1);

/** What a mapping opcode makes of a value on [0,1] at a place of the active area. */
export function mapped(opcode: Mapping, value: number, x: number, y: number): number {
  const { area } = opcode;
  if (y < area.top || y >= area.bottom || x < area.left || x >= area.right) return value;
  if ((y - area.top) % area.rowPitch !== 0 || (x - area.left) % area.colPitch !== 0) return value;
  const row = (y - area.top) / area.rowPitch;
  const column = (x - area.left) / area.colPitch;
  switch (opcode.kind) {
    case 'MapPolynomial':
      return unit(opcode.coefficients.reduce((sum, c, power) => sum + c * unit(value) ** power, 0));
    case 'MapTable':
      return opcode.table[Math.min(Math.round(unit(value) * 65535), opcode.table.length - 1)]! / 65535;
    case 'DeltaPerRow':
      return Math.min(value + opcode.values[row]!, 1);
    case 'DeltaPerColumn':
      return Math.min(value + opcode.values[column]!, 1);
    case 'ScalePerRow':
      return Math.min(value * opcode.values[row]!, 1);
    case 'ScalePerColumn':
      return Math.min(value * opcode.values[column]!, 1);
  }
}
