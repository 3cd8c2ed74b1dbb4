import { useEffect, useState } from 'preact/hooks';

/** The width of the window without its scroll bar, in CSS pixels, kept up with it. */
export function useWindowWidth(): number {
  const [width, setWidth] = useState(() => document.documentElement.clientWidth);
  useEffect(() => {
    const observer = new ResizeObserver(() => {
      const { clientWidth, style } = document.documentElement;
      style.setProperty('--window', `${clientWidth}px`);
      setWidth(clientWidth);
    });
    observer.observe(document.documentElement);
    return () => {
      observer.disconnect();
    };
  }, []);
  return width;
}
