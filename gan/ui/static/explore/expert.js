// The expert panel: every latent value as a slider, sixteen on a page, those first that change the picture most.

import { fillSlider, movedTo, say, sync, there, update } from "../shared/page.js";
import { NewestWins } from "../shared/newest.js";
import { withPair } from "../shared/recipe.js";

const PAGE = 16;

/** @typedef {import("./explore.js").Explore} Explore */

export class Expert {
  open = false;
  page = 0;
  /** The numbers of the latent values, those first that change the picture most.
   * @type {number[]} */
  order = [];
  /** The latent values of the picture's seed and walk.
   * @type {number[]} */
  z = [];
  orders = new NewestWins();
  reads = new NewestWins();

  /** @param {Explore} explore */
  constructor(explore) {
    this.explore = explore;
    this.words = explore.words;
  }

  async openExpert() {
    this.open = true;
    const { model, server } = this.explore;
    const told = await this.orders.grant(() => server.get(`studio/order?id=${encodeURIComponent(model.id)}&rev=${encodeURIComponent(model.revision ?? "")}`));
    if (!told) return;
    this.order = told.order;
    await this.read();
    this.showPage();
  }

  closeExpert() { this.open = false; }

  modelChanged() {
    this.orders.make();
    this.order = [];
    this.page = 0;
    if (this.open) this.openExpert().catch((error) => this.explore.alert.show(error));
  }

  pageBefore() { this.page = Math.max(0, this.page - 1); this.showPage(); }
  pageAfter() { this.page = Math.max(0, Math.min(Math.ceil(this.order.length / PAGE) - 1, this.page + 1)); this.showPage(); }

  showPage() {
    const first = this.page * PAGE + 1, last = Math.min(first + PAGE - 1, this.order.length);
    there("page-of").textContent = say(this.words.page, { first, last, all: this.order.length });
    sync("sync-latents");
  }

  /** Learn the latent values of the picture's seed and walk. */
  async read() {
    if (!this.open) return;
    const told = await this.reads.grant(async () => (await this.explore.server.post("studio/latents", { recipe: this.explore.recipe })).json());
    if (!told) return;
    this.z = told.z;
    this.fill();
  }

  /** Which latent value a slider of this page is for, and where it stands.
   * @param {number} slot
   * @returns {{ index: number, value: number } | null} */
  latent(slot) {
    const index = this.order[this.page * PAGE + slot];
    if (index === undefined) return null;
    const set = (this.explore.recipe.overrides ?? []).find(([i]) => i === index);
    return { index, value: set ? set[1] : this.z[index] ?? 0 };
  }

  fill() {
    if (!this.open || !this.z.length) return;
    for (let slot = 0; slot < PAGE; slot++) {
      const latent = this.latent(slot);
      if (latent) fillSlider(`z${slot}`, latent.value.toFixed(2));
    }
  }

  /** A person has moved a control. Returns whether it was a slider of this page.
   * @param {string} id */
  moved(id) {
    const [, slot] = /^z(\d+)$/.exec(id) ?? [];
    if (slot === undefined) return false;
    const latent = this.latent(Number(slot));
    if (latent) this.explore.edit({ overrides: withPair(this.explore.recipe.overrides, latent.index, movedTo(id)) }, false);
    return true;
  }

  latentUpdates() {
    return Array.from({ length: PAGE }, (_, slot) => {
      const latent = this.latent(slot);
      return latent ? update({ label: `z[${latent.index}]`, value: Number(latent.value.toFixed(2)), visible: true }) : update({ visible: false });
    });
  }
}
