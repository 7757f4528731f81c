import { OpticsError } from '../../OpticsError.js';
import { convexCoverage, type HalfPlane, halfPlaneCoverage, halfPlaneThrough } from '../coverage.js';
import { type ChartEdge, neutral, type Place } from './Chart.js';
import { type ChartParameters, defineChart } from './defineChart.js';

const EDGE_PARAMETERS = {
  contrast: {
    kind: 'number',
    default: 4,
    least: 1.001,
    most: 10000,
    help: 'Reflectance of the light side over that of the dark one; 4 as in ISO 12233:2014 and later.',
  },
  angleDegrees: {
    kind: 'number',
    default: 5,
    least: 0,
    most: 45,
    help: 'Slant against columns and rows.',
  },
  light: { kind: 'number', default: 0.72, least: 1e-6, most: 1000, help: 'Reflectance of the light side.' },
} as const satisfies ChartParameters;

/**
 * One slanted edge through the centre of the whole picture (ISO 12233): dark on the left, light on the right, leaning to
 * the right towards the bottom. Every sample holds the exact area on both sides.
 */
export const slantedEdge = defineChart(
  {
    name: 'slanted-edge',
    title: 'Slanted edge',
    help: 'One slanted edge through the centre, for the MTF (ISO 12233).',
    parameters: EDGE_PARAMETERS,
  },
  (canvas, { contrast, angleDegrees, light }) => {
    const { width, height } = canvas;
    const dark = halfPlaneThrough(width / 2, height / 2, angleDegrees);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) canvas.cover(x, y, 1, 1 - halfPlaneCoverage(dark, x, y));
    const reach = Math.min(
      height / 2,
      angleDegrees === 0 ? Number.POSITIVE_INFINITY : width / 2 / Math.tan((angleDegrees * Math.PI) / 180),
    );
    const lean = reach * Math.tan((angleDegrees * Math.PI) / 180);
    const edge: ChartEdge = {
      from: [0.5 - lean / width, 0.5 - reach / height],
      to: [0.5 + lean / width, 0.5 + reach / height],
      angleDegrees,
      near: 'columns',
    };
    return {
      scene: canvas.scene('Slanted edge', [neutral(light / contrast), neutral(light)]),
      landmarks: { kind: 'edges', edges: [edge], contrast },
    };
  },
);

/**
 * Dark squares on light, all turned by the slant: four slanted edges each, over the whole field (the SFR target of ISO
 * 12233:2014). The landmarks' edges go clockwise round each square from its upper one; squares row by row. Refuses squares
 * smaller than 16 samples.
 */
export const slantedSquares = defineChart(
  {
    name: 'slanted-squares',
    title: 'Slanted squares',
    help: 'Turned squares over the field, four slanted edges each: the MTF over the picture.',
    parameters: {
      ...EDGE_PARAMETERS,
      columns: { kind: 'number', whole: true, default: 3, least: 1, most: 64, help: 'Squares across.' },
      rows: { kind: 'number', whole: true, default: 3, least: 1, most: 64, help: 'Squares down.' },
    },
  },
  (canvas, { contrast, angleDegrees, light, columns, rows }) => {
    const { width, height } = canvas;
    const half = Math.min(width / columns, height / rows) * 0.28;
    if (half < 8)
      throw new OpticsError(
        `${columns} × ${rows} squares in ${width} × ${height} samples are ${(2 * half).toFixed(1)} wide; at least 16 are needed.`,
        { field: 'columns' },
      );
    canvas.first.fill(1);
    canvas.second.fill(1);
    const angle = (angleDegrees * Math.PI) / 180;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const edges: ChartEdge[] = [];
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        const centreX = ((column + 0.5) * width) / columns;
        const centreY = ((row + 0.5) * height) / rows;
        // The normals of the upper, right, lower and left side.
        const normals = [
          [-sin, -cos],
          [cos, -sin],
          [sin, cos],
          [-cos, sin],
        ] as const;
        const sides = normals.map(
          ([normalX, normalY]): HalfPlane => ({
            normalX,
            normalY,
            offset: normalX * centreX + normalY * centreY + half,
          }),
        );
        const reach = half * (cos + sin);
        for (let y = Math.floor(centreY - reach); y < centreY + reach; y++)
          for (let x = Math.floor(centreX - reach); x < centreX + reach; x++)
            canvas.cover(x, y, 0, convexCoverage(sides, x, y));
        normals.forEach(([nx, ny], i) => {
          const place = (along: number): Place => [
            (centreX + half * (nx - along * ny)) / width,
            (centreY + half * (ny + along * nx)) / height,
          ];
          edges.push({
            from: place(-1),
            to: place(1),
            angleDegrees,
            near: i % 2 === 0 ? 'rows' : 'columns',
          });
        });
      }
    return {
      scene: canvas.scene('Slanted squares', [neutral(light / contrast), neutral(light)]),
      landmarks: { kind: 'edges', edges, contrast },
    };
  },
);
