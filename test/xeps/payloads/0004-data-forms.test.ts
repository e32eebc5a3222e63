// XEP-0004: Data Forms.
import assert from "node:assert/strict";
import { test } from "node:test";
import { buildStanza, xml } from "../../../src/extension/index.js";
import {
  addressOf,
  booleanOf,
  formElement,
  formIn,
  integerOf,
  isYes,
  resultForm,
  resultTable,
  submissionIn,
  valuesOf,
} from "../../../xeps/payloads/0004-data-forms.js";
import { assertSame, elementOf } from "../../support/same-xml.js";

test("a form to be filled in has its heading, its type and its fields", () => {
  const form = formElement({ formType: "urn:example:ball", title: "The ball", instructions: "Masks, please." }, [
    { var: "name", type: "text-single", label: "Name", isRequired: true },
    { var: "mask", type: "list-single", values: ["cat"], choices: new Map([["cat", "A cat"]]) },
  ]);
  assertSame(
    form,
    `<x xmlns='jabber:x:data' type='form'><title>The ball</title><instructions>Masks, please.</instructions>
      <field var='FORM_TYPE' type='hidden'><value>urn:example:ball</value></field>
      <field var='name' type='text-single' label='Name'><required/></field>
      <field var='mask' type='list-single'><value>cat</value><option label='A cat'><value>cat</value></option></field>
    </x>`,
  );
});

test("what is written is read again", () => {
  const parent = xml("query", { xmlns: "urn:example:ball" }, resultForm("urn:example:ball", [{ var: "guests", values: ["Romeo", "Benvolio"] }])); // prettier-ignore
  const form = formIn(parent, "result") ?? assert.fail();
  assert.equal(formIn(parent, "submit"), undefined);
  assert.deepEqual(Object.fromEntries(valuesOf(form)), {
    FORM_TYPE: ["urn:example:ball"],
    guests: ["Romeo", "Benvolio"],
  });
});

test("of two fields with the same name the first counts; fields without a value are there", () => {
  const form = elementOf(
    `<x xmlns='jabber:x:data' type='submit'>
      <field var='name'><value>Romeo</value></field><field var='name'><value>Tybalt</value></field><field var='mask'/>
    </x>`,
  );
  assert.deepEqual([...valuesOf(form)], [["name", ["Romeo"]], ["mask", []]]); // prettier-ignore
});

test("a field can be described, and say what may be entered", () => {
  const form = formElement({ formType: "urn:example:ball" }, [
    { var: "guests", type: "text-single", description: "How many?", values: ["2"], validation: { datatype: "xs:integer", range: { min: 1 } } },
    { var: "mask", type: "list-single", validation: { datatype: "xs:string", isOpen: true } },
    { var: "page", type: "text-single", validation: { datatype: "xs:anyURI" } },
  ]); // prettier-ignore
  const validate = "validate xmlns='http://jabber.org/protocol/xdata-validate'";
  assertSame(
    form,
    `<x xmlns='jabber:x:data' type='form'>
      <field var='FORM_TYPE' type='hidden'><value>urn:example:ball</value></field>
      <field var='guests' type='text-single'><desc>How many?</desc>
        <${validate} datatype='xs:integer'><range min='1'/></validate><value>2</value></field>
      <field var='mask' type='list-single'><${validate} datatype='xs:string'><open/></validate></field>
      <field var='page' type='text-single'><${validate} datatype='xs:anyURI'><basic/></validate></field>
    </x>`,
  );
});

test("a table has its columns, and a row for each item", () => {
  const columns = [{ var: "name", type: "text-single", label: "Name" }, { var: "mask" }] as const;
  const rows = [
    new Map([["name", ["Romeo"]], ["mask", ["cat", "dog"]], ["sword", ["long"]]]),
    new Map([["name", ["Tybalt"]]]),
  ]; // prettier-ignore
  assertSame(
    resultTable({ title: "Guests", formType: "urn:example:ball" }, columns, rows),
    `<x xmlns='jabber:x:data' type='result'><title>Guests</title>
      <field var='FORM_TYPE' type='hidden'><value>urn:example:ball</value></field>
      <reported><field var='name' type='text-single' label='Name'/><field var='mask'/></reported>
      <item><field var='name'><value>Romeo</value></field><field var='mask'><value>cat</value><value>dog</value></field></item>
      <item><field var='name'><value>Tybalt</value></field><field var='mask'/></item></x>`,
  );
  assertSame(resultTable({}, [{ var: "name" }], []), `<x xmlns='jabber:x:data' type='result'><reported><field var='name'/></reported></x>`); // prettier-ignore
});

test("values are read as what they are, and what is none is nothing", () => {
  assert.deepEqual(["true", "1", " 1 ", "false", "0"].map(booleanOf), [true, true, true, false, false]);
  for (const text of ["", "yes", "TRUE", "2", "-0"]) assert.equal(booleanOf(text), undefined, text);
  assert.deepEqual(["0", "-0", "+7", " 12 ", "-3", "007"].map(integerOf), [0, 0, 7, 12, -3, 7]);
  for (const text of ["", "1.5", "1e3", "0x1", "NaN", "Infinity", "9007199254740993", "9".repeat(400), "--1"])
    assert.equal(integerOf(text), undefined, text);
});

test("a field says yes, or names an address, by its first value", () => {
  const values = new Map([
    ["yes", ["1", "0"]],
    ["no", ["0", "1"]],
    ["guest", ["romeo@verona.example/orchard", "juliet@verona.example"]],
    ["nobody", ["@"]],
    ["empty", []],
  ]);
  assert.deepEqual(
    ["yes", "no", "guest", "empty", "absent"].map((name) => isYes(values, name)),
    [true, false, false, false, false],
  );
  assert.deepEqual(
    ["guest", "nobody", "empty", "absent"].map((name) => addressOf(values, name)?.toString()),
    ["romeo@verona.example/orchard", undefined, undefined, undefined],
  );
});

test("a message says what was filled in when its form is submitted, and of the type that is asked for", () => {
  const said = (type: string, formType: string): string | undefined => {
    const fields = Object.entries({ FORM_TYPE: formType, mask: "cat" }).map(([name, value]) =>
      xml("field", { var: name }, xml("value", {}, value)),
    );
    const message = buildStanza("message", {}, xml("x", { xmlns: "jabber:x:data", type }, fields));
    return submissionIn(message, "urn:example:ball")?.get("mask")?.[0];
  };
  assert.equal(said("submit", "urn:example:ball"), "cat");
  assert.equal(said("form", "urn:example:ball"), undefined);
  assert.equal(said("submit", "urn:example:duel"), undefined);
  assert.equal(submissionIn(buildStanza("message", {}), "urn:example:ball"), undefined);
});
