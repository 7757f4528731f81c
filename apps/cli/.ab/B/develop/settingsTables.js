import { describeOutputValues, describeValues, OUTPUT_FLAGS, outputPlaceholder, PARAMETER_FLAGS, placeholder, } from './flags.js';
/** In a table's cell a bar would end the cell. */
function cell(text) {
    return text.replaceAll('|', '\\|');
}
function table(title, placeTitle, rows) {
    const lines = rows.map(({ flag, place, values, help }) => `| \`${cell(flag)}\` | \`${place}\` | ${cell(help)} | ${cell(values)} |`);
    return [
        `### ${title}`,
        '',
        `| flag | ${placeTitle} | what it does | values |`,
        '|---|---|---|---|',
        ...lines,
        '',
    ].join('\n');
}
function flagText(flag, value, on) {
    if (value !== undefined)
        return `--${flag} <${value}>`;
    return on ? `--no-${flag}` : `--${flag}`;
}
function parameterRow(stage, name, parameter) {
    const on = parameter.kind === 'boolean' && parameter.default;
    return {
        flag: flagText(parameter.flag, placeholder(parameter), on),
        place: `${stage}.${name}`,
        values: describeValues(parameter),
        help: parameter.help,
    };
}
/** Tables of every setting, as Markdown, for the user's guide. */
export function settingsTables() {
    const stages = [...new Set(PARAMETER_FLAGS.map(({ stageTitle }) => stageTitle))];
    const development = stages.map((title) => table(title, 'in the recipe', PARAMETER_FLAGS.filter((flag) => flag.stageTitle === title).map(({ stage, name, parameter }) => parameterRow(stage, name, parameter))));
    const output = OUTPUT_FLAGS.map(({ flag, formats, spec }) => ({
        flag: flagText(flag, outputPlaceholder(spec), spec.kind === 'boolean' && spec.default),
        place: formats.join(', '),
        values: describeOutputValues(spec),
        help: spec.help,
    }));
    return [...development, table('Output file', 'format', output)].join('\n');
}
//# sourceMappingURL=settingsTables.js.map