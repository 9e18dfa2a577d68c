// What a page does beyond its links. Without scripts every link still goes where it says, and dated addresses have pages of their own.
import { keep, picker } from "./jour.js"
import { cards } from "./fiche.js"
import { pane } from "./volet.js"
import { simulator } from "./regle.js"
import { time } from "./temps.js"

keep()
picker()
cards()
pane()
time()
simulator()
