// XEP-0004: Data Forms.
import assert from "node:assert/strict";
import { test } from "node:test";
import { xml } from "../../../src/extension/index.js";
import { formElement, formIn, resultForm, valuesOf } from "../../../xeps/payloads/0004-data-forms.js";
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
