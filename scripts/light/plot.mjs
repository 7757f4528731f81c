// Plots as SVG, for the docs: lines over two axes, and rectangles to scale.

const FONT = 'font-family="system-ui, sans-serif"';
/** Colours that can be told apart in print and by most colour-blind readers (Okabe and Ito 2008). */
export const COLORS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#e69f00', '#444444'];

const inXml = (text) => String(text).replace(/&/g, '&amp;').replace(/</g, '&lt;');
const round = (value) => Math.round(value * 10) / 10;

function svg(width, height, title, body) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${inXml(title)}">
<rect width="${width}" height="${height}" fill="#fff"/>
<text x="16" y="26" ${FONT} font-size="16" font-weight="600" fill="#222">${inXml(title)}</text>
${body.join('\n')}
</svg>
`;
}

function scale({ log = false, range: [least, most] }, from, to) {
  const place = log ? Math.log : (value) => value;
  return (value) => from + ((place(value) - place(least)) / (place(most) - place(least))) * (to - from);
}

/**
 * @param axes `{ label, range: [least, most], ticks: [[value, text]…], log }` each
 * @param series `{ label, points: [[x, y]…], dashed }`
 */
export function linePlot({ title, x, y, series, width = 760, height = 430 }) {
  const [left, right, top, bottom] = [76, width - 20, 44, height - 52 - 20 * Math.ceil(series.length / 2)];
  const [toX, toY] = [scale(x, left, right), scale(y, bottom, top)];
  const body = [];
  const text = (at, content, more = '') =>
    `<text x="${round(at[0])}" y="${round(at[1])}" ${FONT} font-size="12" fill="#444" ${more}>${inXml(content)}</text>`;
  for (const [value, label] of x.ticks) {
    const at = round(toX(value));
    body.push(`<path d="M${at} ${top}V${bottom}" stroke="#e4e4e4"/>`);
    body.push(text([at, bottom + 17], label, 'text-anchor="middle"'));
  }
  for (const [value, label] of y.ticks) {
    const at = round(toY(value));
    body.push(`<path d="M${left} ${at}H${right}" stroke="#e4e4e4"/>`);
    body.push(text([left - 8, at + 4], label, 'text-anchor="end"'));
  }
  body.push(text([(left + right) / 2, bottom + 36], x.label, 'text-anchor="middle"'));
  body.push(
    text([0, 0], y.label, `text-anchor="middle" transform="translate(18 ${(top + bottom) / 2}) rotate(-90)"`),
  );
  body.push(
    `<clipPath id="plot"><rect x="${left}" y="${top}" width="${right - left}" height="${bottom - top}"/></clipPath>`,
  );
  series.forEach(({ label, points, dashed = false }, i) => {
    const color = COLORS[i % COLORS.length];
    const line = points
      .map(([px, py], k) => `${k === 0 ? 'M' : 'L'}${round(toX(px))} ${round(toY(py))}`)
      .join('');
    const dash = dashed ? ' stroke-dasharray="6 4"' : '';
    body.push(
      `<path d="${line}" fill="none" stroke="${color}" stroke-width="2.2"${dash} clip-path="url(#plot)"/>`,
    );
    const [lx, ly] = [left + (i % 2) * ((right - left) / 2), bottom + 58 + 20 * Math.floor(i / 2)];
    body.push(
      `<path d="M${lx} ${ly - 4}h26" stroke="${color}" stroke-width="2.6"${dash}/>`,
      text([lx + 34, ly], label),
    );
  });
  body.push(`<path d="M${left} ${top}V${bottom}H${right}" fill="none" stroke="#888"/>`);
  return svg(width, height, title, body);
}

/** Rectangles to scale, each with its label below: `{ label, note, widthMm, heightMm }`. */
export function toScale({ title, items, width = 760 }) {
  const gap = 26;
  const perMm =
    (width - 32 - gap * (items.length - 1)) / items.reduce((sum, item) => sum + Math.max(item.widthMm, 8), 0);
  const tallest = Math.max(...items.map((item) => item.heightMm)) * perMm;
  const base = 50 + tallest;
  const body = [];
  let x = 16;
  items.forEach(({ label, note, widthMm, heightMm }, i) => {
    const slot = Math.max(widthMm, 8) * perMm;
    const [w, h] = [widthMm * perMm, heightMm * perMm];
    const color = COLORS[i % COLORS.length];
    body.push(
      `<rect x="${round(x + (slot - w) / 2)}" y="${round(base - h)}" width="${round(w)}" height="${round(h)}" fill="${color}" fill-opacity="0.22" stroke="${color}" stroke-width="1.6"/>`,
    );
    label.split('\n').forEach((line, k) => {
      body.push(
        `<text x="${round(x + slot / 2)}" y="${round(base + 18 + 15 * k)}" ${FONT} font-size="12" fill="#222" font-weight="600" text-anchor="middle">${inXml(line)}</text>`,
      );
    });
    const below = base + 18 + 15 * label.split('\n').length;
    body.push(
      `<text x="${round(x + slot / 2)}" y="${round(below)}" ${FONT} font-size="11" fill="#555" text-anchor="middle">${inXml(note)}</text>`,
    );
    x += slot + gap;
  });
  return svg(width, Math.round(base + 64), title, body);
}
