import init from "./jam.js";

init();
