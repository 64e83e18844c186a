// What Gradio's page and our scripts share: gan/ui/page.py tells when its components are there.

interface Window {
  studio?: import("../studio.js").Studio;
  studioReady?: boolean;
}
