/** Rounds times, so that a report can be read. */
export function roundTimes(key, value) {
    const isTime = typeof value === 'number' && (key === 'ms' || key.endsWith('Ms'));
    return isTime ? Math.round(value * 10) / 10 : value;
}
//# sourceMappingURL=report.js.map