import type { enChest } from './en-chest.js';

type Wide<T> = { readonly [K in keyof T]: T[K] extends string ? string : Wide<T[K]> };

export const zhChest: Wide<typeof enChest> = {
  title: '这可能不是正向放置的正位胸片',
  reason: {
    'upside-down': '在该模型看来，图像上下颠倒。',
    sideways: '在该模型看来，图像旋转了 90°。',
    inverted: '在该模型看来，图像灰度反相（骨骼呈黑色）。',
    unfamiliar: '它与该模型学习过的胸片不相似。',
  },
  meaning: '分数照常计算；若情况属实，这些分数没有意义。',
  synthetic: '此处属预期情况：这是一幅绘图，不是胸片。',
  label: '是否胸片',
  passed: '未标记（{{value}}；高于 {{threshold}} 时标记）',
  flagged: '已标记（{{value}}，高于 {{threshold}}）',
  calibrated: '校准后',
  calibratedHow: '{{value}}：图像分数经温度 {{temperature}} 校准，与其并列，不取代它',
  page: '单独页面',
  loading: '正在加载…',
  back: '分区读片',
  print: '打印',
  failed: '无法读取模型说明卡：{{message}}',
};
