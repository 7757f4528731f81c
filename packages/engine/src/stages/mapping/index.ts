import type { Opcode, OpcodeArea } from '@photosite/raw';
import { EngineError } from '../../EngineError.js';
import { defineStage, type PlanContext, type Tile } from '../../stage.js';
import { lineariseTables } from '../linearise/tables.js';

type Mapping = Extract<
  Opcode,
  { kind: 'MapPolynomial' | 'MapTable' | 'DeltaPerRow' | 'DeltaPerColumn' | 'ScalePerRow' | 'ScalePerColumn' }
>;

/** How one opcode changes a value: addresses of its tables. */
type Change =
  | { readonly kind: 'polynomial'; readonly coefficients: number; readonly degree: number }
  | { readonly kind: 'table'; readonly table: number }
  | {
      readonly kind: 'linear';
      readonly scales: number;
      readonly offsets: number;
      /** Per row of the opcode's area, beginning with its first. */
      readonly rowScales: Float32Array | undefined;
      readonly rowOffsets: Float32Array | undefined;
    };

interface PlannedMapping {
  readonly change: Change;
  /** Planes of a LinearRaw frame, or -1 for the mosaic. */
  readonly planes: readonly number[];
  readonly top: number;
  readonly bottom: number;
  readonly rowPitch: number;
  /** Address of 0 or 1 per picture column. */
  readonly applies: number;
}

interface Plan {
  readonly mappings: readonly PlannedMapping[];
  /** `[plane][row phase]`: addresses of the balance of each column. */
  readonly gains: readonly (readonly number[])[];
}

/** Most mapping opcodes of a frame; Adobe's own files hold a dozen. Each may cost a table and a pass over the picture. */
const MAX_MAPPINGS = 64;

function isMapping(opcode: Opcode): opcode is Opcode & Mapping {
  return /^(MapPolynomial|MapTable|(Delta|Scale)Per(Row|Column))$/.test(opcode.kind);
}

/** A value per picture column: `inside(k)` on the opcode's k-th column, `outside` elsewhere. */
function perColumn(
  area: OpcodeArea,
  width: number,
  outside: number,
  inside: (k: number) => number,
): Float32Array {
  const values = new Float32Array(width).fill(outside);
  const pitch = Math.max(area.colPitch, 1);
  const first = Math.max(Math.ceil(-area.left / pitch), 0);
  for (let k = first; area.left + k * pitch < Math.min(area.right, width); k++)
    values[area.left + k * pitch] = inside(k);
  return values;
}

function changeOf(opcode: Mapping, width: number, { place }: PlanContext): Change {
  switch (opcode.kind) {
    case 'MapPolynomial':
      return {
        kind: 'polynomial',
        coefficients: place(Float32Array.from(opcode.coefficients)),
        degree: opcode.coefficients.length - 1,
      };
    case 'MapTable':
      return {
        kind: 'table',
        table: place(
          Float32Array.from(
            { length: 65536 },
            (_, i) => opcode.table[Math.min(i, opcode.table.length - 1)]! / 65535,
          ),
        ),
      };
    default: {
      const byColumn = opcode.kind.endsWith('Column');
      const scales = opcode.kind.startsWith('Scale');
      const value = (k: number): number => opcode.values[k] ?? (scales ? 1 : 0);
      return {
        kind: 'linear',
        scales: place(perColumn(opcode.area, width, 1, byColumn && scales ? value : () => 1)),
        offsets: place(perColumn(opcode.area, width, 0, byColumn && !scales ? value : () => 0)),
        rowScales: !byColumn && scales ? opcode.values : undefined,
        rowOffsets: !byColumn && !scales ? opcode.values : undefined,
      };
    }
  }
}

/** The opcodes of OpcodeList2 that map values (DNG 1.6, chapter 7), in the file's order. */
export const mapping = defineStage({
  name: 'mapping',
  title: 'Mapping',
  parameters: {},
  works: 'mosaic',
  plan(_values, context): Plan | undefined {
    const { frame } = context;
    const opcodes = frame.opcodes.list2.filter(isMapping);
    if (opcodes.length === 0) return undefined;
    if (opcodes.length > MAX_MAPPINGS)
      throw new EngineError(
        `the file maps its values ${opcodes.length} times over, ${MAX_MAPPINGS} times are allowed.`,
      );
    const width = frame.activeArea.right - frame.activeArea.left;
    return {
      gains: lineariseTables(frame, context.balance).rows.map((phases) =>
        phases.map(({ ceiling }) => context.place(ceiling)),
      ),
      mappings: opcodes.map((opcode) => {
        const { area } = opcode;
        const applies = Int32Array.from(perColumn(area, width, 0, () => 1));
        return {
          change: changeOf(opcode, width, context),
          planes:
            frame.cfa !== undefined
              ? [-1]
              : [0, 1, 2].filter((p) => p >= area.plane && p < area.plane + area.planes),
          top: area.top,
          bottom: area.bottom,
          rowPitch: Math.max(area.rowPitch, 1),
          applies: context.place(applies),
        };
      }),
    };
  },
  halo: () => 0,
  scratch: () => 0,
  run({ mappings, gains }, tile: Tile, kernels) {
    for (const { change, planes, top, bottom, rowPitch, applies } of mappings)
      for (const plane of planes) {
        const base = plane < 0 ? tile.mosaic : tile.planes + plane * tile.planeStride;
        const phases = gains[Math.max(plane, 0)]!;
        for (let y = 0; y < tile.height; y++) {
          const sourceRow = tile.sourceRow(y);
          if (sourceRow < top || sourceRow >= bottom || (sourceRow - top) % rowPitch !== 0) continue;
          const row = base + y * tile.stride * 4;
          const gain = phases[sourceRow % phases.length]!;
          const k = (sourceRow - top) / rowPitch;
          if (change.kind === 'polynomial')
            kernels.mapPolynomialRow(
              row,
              tile.columns,
              gain,
              applies,
              change.coefficients,
              change.degree,
              tile.width,
            );
          else if (change.kind === 'table')
            kernels.mapTableRow(row, tile.columns, gain, applies, change.table, tile.width);
          else
            kernels.mapLinearRow(
              row,
              tile.columns,
              gain,
              applies,
              change.scales,
              change.offsets,
              change.rowScales?.[k] ?? 1,
              change.rowOffsets?.[k] ?? 0,
              tile.width,
            );
        }
      }
  },
});
