// Writes ASN.1 DER (X.690): what certificates are made of.

export function primitive(tag: number, contents: Buffer): Buffer {
  const { length } = contents;
  const octets = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...octets]), contents]);
}

export function sequence(...parts: Buffer[]): Buffer {
  return primitive(0x30, Buffer.concat(parts));
}

export function set(...parts: Buffer[]): Buffer {
  return primitive(0x31, Buffer.concat(parts));
}

/** [number], constructed. */
export function context(number: number, ...parts: Buffer[]): Buffer {
  return primitive(0xa0 + number, Buffer.concat(parts));
}

/** From 0 to 127. */
export function integer(value: number): Buffer {
  return primitive(0x02, Buffer.from([value]));
}

export function truth(): Buffer {
  return primitive(0x01, Buffer.from([0xff]));
}

export function nothing(): Buffer {
  return primitive(0x05, Buffer.alloc(0));
}

export function octets(contents: Buffer): Buffer {
  return primitive(0x04, contents);
}

export function text(value: string): Buffer {
  return primitive(0x0c, Buffer.from(value));
}

/** A BIT STRING of up to eight bits, as certificates count them: from the left. */
export function bits(numbers: readonly number[]): Buffer {
  const unused = 7 - Math.max(...numbers);
  return primitive(0x03, Buffer.from([unused, numbers.reduce((octet, bit) => octet | (0x80 >> bit), 0)]));
}

/** RFC 5280 §4.1.2.5: two digits for the year up to 2049. */
export function time(milliseconds: number): Buffer {
  const digits = new Date(milliseconds).toISOString().replace(/\.\d+|[-:T]/g, "");
  const isShort = Number(digits.slice(0, 4)) < 2050;
  return primitive(isShort ? 0x17 : 0x18, Buffer.from(isShort ? digits.slice(2) : digits));
}

export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return primitive(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(value: number): number[] {
  const digits = [value & 0x7f];
  for (let left = value >>> 7; left > 0; left >>>= 7) digits.unshift((left & 0x7f) | 0x80);
  return digits;
}
