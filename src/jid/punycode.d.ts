// The types of the userland package; its bare name would be the deprecated module of Node itself.
declare module "punycode/punycode.js" {
  const punycode: { decode(input: string): string; encode(input: string): string };
  export default punycode;
}
