import { writeSync } from "node:fs";
// apps/cli/dist/errors.js
/** A command that can't be carried out as it was typed; the process ends with {@link EXIT_USAGE}. */
var UsageError = class extends Error {
	name = "UsageError";
};
/** A job that failed on one file: the message names the file and the way out. */
var JobError = class extends Error {
	name = "JobError";
};
/** What the operating system's refusals mean to a person, and what to do about them. */
const SYSTEM_ERRORS = {
	EACCES: "no permission. Choose another place, or change the permissions.",
	EBUSY: "it is in use by another program. Close that first.",
	EDQUOT: "your share of the disk is full. Free some space, or write to another disk.",
	EFBIG: "the file grows larger than this system allows. Write to another disk, or choose a smaller format.",
	EIO: "the disk reports an error. Check it, and try a copy of the file.",
	EISDIR: "it is a folder, a file is expected.",
	ELOOP: "its symbolic links lead in a circle.",
	EMFILE: "too many files are open. Close other programs, or raise the limit.",
	ENAMETOOLONG: "the name is too long for this disk.",
	ENOENT: "there is no such file or folder. Check the name.",
	ENOSPC: "the disk is full. Free some space, or write to another disk.",
	ENOTDIR: "a part of the path is a file, not a folder.",
	EPERM: "the system does not permit it. Choose another place.",
	EROFS: "the disk is read-only. Choose another place."
};
/** Errors that the packages throw on purpose: their messages are made for people. */
const OWN_ERRORS = /* @__PURE__ */ new Set([
	"EngineError",
	"JobError",
	"PictureError",
	"RawFileError",
	"RecipeError",
	"UsageError"
]);
/** The code of an operating system's error, e.g. `ENOSPC`. */
function systemCode(error) {
	return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : void 0;
}
/** One line for a person: what is wrong, with what file, and the way out. `file` is named unless the message does. */
function describeError(error, file) {
	const own = error instanceof Error && OWN_ERRORS.has(error.name);
	const system = SYSTEM_ERRORS[systemCode(error) ?? ""];
	const message = error instanceof Error ? error.message : String(error);
	const line = (own ? message : system ?? `unexpected error: ${message} (run again with --debug for details)`).replace(/\s+/g, " ").trim();
	return file === void 0 || line.includes(file) ? line : `${file}: ${line}`;
}
// apps/cli/dist/print.js
const STDERR = 2;
/** Prints one line to standard error, at once: also where the process is about to end. */
function printError(line) {
	try {
		writeSync(STDERR, `photosite: ${line}\n`);
	} catch {}
}
/** Prints what went wrong, as one line, and with `debug` where in the program it came from. */
function printFailure(error, file, debug) {
	printError(describeError(error, file));
	for (let cause = error; debug && cause instanceof Error; cause = cause.cause) printError(cause.stack ?? String(cause));
}
export { describeError as a, UsageError as i, printFailure as n, systemCode as o, JobError as r, printError as t };
