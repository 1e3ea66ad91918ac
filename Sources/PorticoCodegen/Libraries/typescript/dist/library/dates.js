// @ts-self-types="./dates.d.ts"
const timestampText = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):?(\d\d))$/;
/** Reads a point in time (RFC 3339) with any offset and fraction, to the millisecond; nothing if it is none. */
export function parseTimestamp(text) {
    const match = timestampText.exec(text);
    if (match === null)
        return undefined;
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
    const offsetHours = Number(match[9] ?? 0);
    const offsetMinutes = Number(match[10] ?? 0);
    // A second of 60 is a leap second (section 5.7); it becomes the next minute's first.
    if (hour > 23 || minute > 59 || second > 60 || offsetHours > 23 || offsetMinutes > 59)
        return undefined;
    const date = new Date(0);
    // `Date.UTC` takes the years 0 to 99 for 1900 to 1999.
    date.setUTCFullYear(year, month - 1, day);
    if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day)
        return undefined;
    const offset = (match[8] === "-" ? -1 : 1) * (offsetHours * 60 + offsetMinutes);
    const milliseconds = Number((match[7] ?? "").slice(0, 3).padEnd(3, "0"));
    date.setUTCHours(hour, minute - offset, second, milliseconds);
    return date;
}
/** Writes a point in time as RFC 3339 in UTC, with a fraction only if there is one; nothing if RFC 3339 cannot. */
export function timestampToText(date) {
    const year = date.getUTCFullYear();
    if (!(year >= 0 && year <= 9999))
        return undefined;
    return date.toISOString().replace(/\.?0*Z$/, "Z");
}
