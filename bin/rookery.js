#!/usr/bin/env node
// The rookery command of a checkout: makes sure that the build is current, then hands over to it.
import { prepare } from "./prepare.js";

prepare();
await import("../dist/src/main.js");
